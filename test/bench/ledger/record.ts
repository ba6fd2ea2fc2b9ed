import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CountBatch, openLedger, type Ledger } from '../../../src/sources/index.js';
import { PostgresServer } from '../../support/postgres/postgres-server.js';

/**
 * How many predictions a second the ledger itself records, in batches of 1,000, some of them under way at the same
 * time, without and with ids, on both databases. Arguments: seconds a case (default 3), batches at a time (default 8).
 */
const [seconds = '3', atATime = '8'] = process.argv.slice(2);

const requestsPerBatch = 1000;
let numbered = 0;

function batch(withIds: boolean, nowMs: number): CountBatch {
  const batch = new CountBatch();
  for (let request = 0; request < requestsPerBatch; request++) {
    batch.addRequest({
      namespace: 'default',
      model: 'fraud',
      version: request % 10 === 0 ? 'v2' : 'v1',
      atMs: nowMs,
      failed: request % 100 === 0,
      latencyMs: (request * 7) % 400,
      predictions: new Map([['default', (request % 97) / 97]]),
      ...(withIds ? { id: `request-${++numbered}` } : {}),
    });
  }
  return batch;
}

/** Predictions a second, and the share of the time that goes into counting alone. */
async function measure(ledger: Ledger, withIds: boolean): Promise<string> {
  const endAt = performance.now() + Number(seconds) * 1000;
  const startedAt = performance.now();
  let recorded = 0;
  let countingMs = 0;
  const sender = async () => {
    while (performance.now() < endAt) {
      const nowMs = Date.now();
      const before = performance.now();
      const filled = batch(withIds, nowMs);
      countingMs += performance.now() - before;
      await ledger.record(filled, {
        nowMs,
        idempotent: { key: String(++numbered), bodyHash: 'h', answer: '' },
      });
      recorded += requestsPerBatch;
    }
  };
  await Promise.all(Array.from({ length: Number(atATime) }, sender));
  const ms = performance.now() - startedAt;
  const perSecond = Math.round((recorded / ms) * 1000);
  return `${perSecond.toLocaleString('en')} a second, ${Math.round((countingMs / ms) * 100)} % of it counting`;
}

async function show(name: string, ledger: Ledger): Promise<void> {
  for (const withIds of [false, true]) {
    process.stdout.write(
      `${name}, ${withIds ? 'with ids' : 'without ids'}: ${await measure(ledger, withIds)}\n`,
    );
  }
  await ledger.close();
}

const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-bench-'));
try {
  await show('SQLite', await openLedger(folder));
} finally {
  rmSync(folder, { recursive: true });
}
const server = await PostgresServer.create({ durable: true });
try {
  await show('PostgreSQL', await openLedger({ databaseUrl: await server.database() }));
} finally {
  await server.remove();
}
