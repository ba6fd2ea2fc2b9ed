import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { CountBatch, openLedger, type Ledger, type LedgerPlace } from '../../../src/sources/index.js';
import { PostgresServer } from '../../support/postgres/postgres-server.js';

/**
 * What a history costs: the time to open a ledger, to read the observations of a canary over 60 looks, to ask for
 * its change marker and to sweep, with an empty history and with a long one. Argument: rows of the history in
 * millions (default 10).
 */
const [millions = '10'] = process.argv.slice(2);
const rows = Number(millions) * 1e6;

const nowMs = Math.floor(Date.now() / 60_000) * 60_000;
const nowMinute = nowMs / 60_000;

/** 40 % minutes of versions and as many histograms, 15 % ids, 5 % verdicts; of 200 models with 10 versions each. */
const shares = { minutes: 0.4 * rows, ids: 0.15 * rows, verdicts: 0.05 * rows };
const versions = 2000;
const minutesEach = Math.floor(shares.minutes / versions);

/** The history, as statements that both databases understand but for the numbers from 0 on and random keys. */
function statements(numbers: (count: number) => string, randomKey: string): readonly string[] {
  const at = `${nowMinute} - 60 * 26 - n % ${minutesEach}`;
  const version = `1000 + n / ${minutesEach}`;
  const bins = `[${Array.from({ length: 40 }, (_, bin) => `${bin},3`).join(',')}]`;
  return [
    `insert into models (id, namespace, name, change_marker) select 1000 + n, 'default', 'old-' || n, 1 from ${numbers(200)}`,
    `insert into versions (id, model_id, name) select 1000 + n, 1000 + n / 10, 'v' || n from ${numbers(versions)}`,
    `insert into series (id, model_id, role, name, kind) select 1000 + n, 1000 + n, 'prediction', 'default', 'scores' from ${numbers(200)}`,
    `insert into minute_counts select ${version}, ${at}, 120, 1, '[0,20,5,60,9,40]' from ${numbers(minutesEach * versions)}`,
    `insert into prediction_counts select ${version}, ${version} / 10 + 900, ${at}, '${bins}' from ${numbers(minutesEach * versions)}`,
    `insert into prediction_ids select ${randomKey}, 1000, ${nowMinute}, ${nowMinute} + 600 + n / 1000 from ${numbers(shares.ids)}`,
    `insert into verdicts (id, namespace, model, canary, verdict, as_of_ms, recorded_ms, step, document) select 'id-' || n, 'default', 'old-' || n % 200, 'v' || n % 10, case n % 9 when 0 then 'rollback' else 'hold' end, ${nowMs}.0 - n * 1000.0, ${nowMs}.0 - n * 1000.0, '', '{}' from ${numbers(shares.verdicts)}`,
  ];
}

async function fill(ledger: Ledger): Promise<void> {
  for (let minute = 1; minute <= 60; minute++) {
    const batch = new CountBatch();
    for (let request = 0; request < 300; request++) {
      batch.addRequest({
        namespace: 'default',
        model: 'fraud',
        version: request % 10 === 0 ? 'v2' : 'v1',
        atMs: nowMs - minute * 60_000,
        failed: false,
        latencyMs: request,
        predictions: new Map([['default', request / 300]]),
      });
    }
    await ledger.record(batch, { nowMs });
  }
}

async function median(work: () => Promise<unknown>, times = 31): Promise<string> {
  const taken: number[] = [];
  for (let round = 0; round < times; round++) {
    const since = performance.now();
    await work();
    taken.push(performance.now() - since);
  }
  return `${(taken.sort((a, b) => a - b)[Math.floor(times / 2)] ?? NaN).toFixed(1)} ms`;
}

async function measure(name: string, place: LedgerPlace): Promise<void> {
  const since = performance.now();
  const ledger = await openLedger(place);
  await ledger.ping();
  const openMs = performance.now() - since;
  const query = { namespace: 'default', model: 'fraud', canary: 'v2', stable: 'v1', asOfMs: nowMs + 10_000 };
  const figures = {
    open: `${openMs.toFixed(0)} ms`,
    observe: await median(() => ledger.observe(query)),
    marker: await median(() => ledger.changeMarker('default', 'fraud')),
    newestVerdicts: await median(() => ledger.history.list({ limit: 20, model: 'old-1' })),
    sweep: await median(() => ledger.sweep(nowMs), 3),
    size: `${Math.round((await ledger.size()) / 1024 ** 2)} MiB`,
  };
  process.stdout.write(`${name} ${JSON.stringify(figures)}\n`);
  await ledger.close();
}

const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-history-'));
try {
  await openLedger(folder).then(async (ledger) => {
    await fill(ledger);
    await ledger.close();
  });
  await measure('SQLite, no history:', folder);
  const database = new Database(join(folder, 'ledger.sqlite'));
  database.pragma('synchronous = OFF');
  database.pragma('cache_size = -400000');
  const numbers = (count: number) =>
    `(with recursive counted (n) as (select 0 union all select n + 1 from counted where n + 1 < ${count}) select n from counted)`;
  for (const statement of statements(numbers, 'hex(randomblob(11))')) database.exec(statement);
  database.close();
  await measure(`SQLite, ${millions} million rows:`, folder);
} finally {
  rmSync(folder, { recursive: true });
}

const server = await PostgresServer.create();
try {
  const databaseUrl = await server.database();
  const ledger = await openLedger({ databaseUrl });
  await fill(ledger);
  await ledger.close();
  await measure('PostgreSQL, no history:', { databaseUrl });
  const numbers = (count: number) => `generate_series(0, ${count - 1}) as numbers (n)`;
  const name = new URL(databaseUrl).pathname.slice(1);
  for (const statement of statements(numbers, "md5(n::text || 'key')")) await server.query(statement, name);
  await server.query('analyze', name);
  await measure(`PostgreSQL, ${millions} million rows:`, { databaseUrl });
} finally {
  await server.remove();
}
