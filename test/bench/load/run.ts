import { Agent } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { plainTable } from '../../../src/cli/output/verdict-table.js';
import { PostgresServer } from '../../support/postgres/postgres-server.js';
import { processorSeconds } from '../../support/service/process-figures.js';
import { compiledProgram } from '../../support/service/compiled-program.js';
import { ServiceProcess, type ServiceOptions } from '../../support/service/service-process.js';
import { barePostgres, bareSqlite } from './bare-write.js';
import { cachedVerdicts } from './cached-verdicts.js';
import { ingestRate } from './ingest-rate.js';
import { historyBodies } from './model-lines.js';
import { median } from './quantiles.js';
import { fillWithIds, startTime } from './start-time.js';
import { machine, targetTable, type Target } from './target-table.js';

/**
 * The part of `npm run bench` that measures the service over HTTP, as a process of its own. `--large` also starts it on a
 * ledger of ten million rows, which takes a minute to fill.
 */

const { values: options } = parseArgs({ options: { large: { type: 'boolean', default: false } } });
const largeRows = 10_000_000;
const [looks, perMinute] = [60, 400];
const uncachedQuestions = 40;

const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-load-'));
const targets: Target[] = [];
const whole = (value: number) => Math.round(value).toLocaleString('en-US');

process.stdout.write(`What the service does a second, over HTTP.

What: the compiled program with its default config. Load and service share the processors of this machine, as they do not in
use; so the ratios to bare routes and writes of the same run say more than the rates.
Where: ${machine()}.

`);
compiledProgram();

async function measureVerdicts(): Promise<void> {
  const service = await ServiceProcess.start({ ledger: { folder: join(folder, 'verdicts') } });
  try {
    const body = historyBodies('shop', looks, perMinute, Date.now()).join('\n');
    const { status } = await service.call('/v1/predictions', { body });
    if (status !== 200) throw new Error(`the history was answered with ${status}`);
    const path = '/v1/verdict?model=shop&canary=v2&stable=v1';
    const { service: own, bare } = await cachedVerdicts(service, path);
    process.stdout.write(
      `Cached verdicts: ${whole(own)} a second; a bare express route with the same JSON: ${whole(bare)} (medians, by turns).\n`,
    );
    targets.push({
      what: 'cached verdicts, of a bare express route',
      unit: '%',
      figure: (100 * own) / bare,
      wanted: 40,
      is: 'at least',
    });
    const times: number[] = [];
    const agent = new Agent({ keepAlive: true });
    const processorBefore = processorSeconds(service.pid);
    for (let question = 0; question < uncachedQuestions; question++) {
      const sinceMs = performance.now();
      await service.call(`${path}&step=${question}`, { agent });
      times.push(performance.now() - sinceMs);
    }
    agent.destroy();
    const processorMs = (1000 * (processorSeconds(service.pid) - processorBefore)) / uncachedQuestions;
    process.stdout.write(
      `A verdict over ${looks} looks that is not cached: ${processorMs.toFixed(1)} ms of the service's processor time.\n`,
    );
    targets.push({
      what: `a verdict over ${looks} looks that is not cached (median)`,
      unit: 'ms',
      figure: median(times),
      wanted: 15,
      is: 'at most',
    });
  } finally {
    await service.kill();
  }
}

async function measureIngest(
  database: string,
  ledger: ServiceOptions['ledger'],
  bareWrite: (withIds: boolean) => Promise<number>,
): Promise<readonly (readonly string[])[]> {
  const service = await ServiceProcess.start({ ledger });
  const rows: string[][] = [];
  try {
    for (const withIds of [false, true]) {
      const bare = await bareWrite(withIds);
      const { perSecond, perProcessorSecond } = await ingestRate(service, withIds);
      const what = `${database}, ${withIds ? 'with' : 'without'} ids`;
      rows.push([
        what,
        whole(perSecond),
        whole(perProcessorSecond),
        whole(bare),
        (perSecond / bare).toFixed(2),
      ]);
      targets.push({
        what: `ingest on ${what}`,
        unit: 'predictions/s',
        figure: perSecond,
        wanted: withIds ? 30_000 : 150_000,
        is: 'at least',
      });
    }
  } finally {
    await service.kill();
  }
  return rows;
}

async function measureStart(): Promise<void> {
  const ledger = { folder: join(folder, 'start') };
  const wanted = { unit: 'ms', wanted: 1000, is: 'at most' } as const;
  targets.push({ what: 'start to ready, empty ledger', figure: await startTime(ledger), ...wanted });
  if (!options.large) return;
  fillWithIds(ledger.folder, largeRows, Date.now());
  targets.push({
    what: `start to ready, ${whole(largeRows)} rows`,
    figure: await startTime(ledger),
    ...wanted,
  });
}

/** Ingest on a PostgreSQL server of its own; where none is installed the table says so. */
async function measurePostgres(): Promise<readonly (readonly string[])[]> {
  let server: PostgresServer;
  try {
    server = await PostgresServer.create({ durable: true });
  } catch (error) {
    return [[`PostgreSQL: ${error instanceof Error ? error.message : String(error)}`]];
  }
  try {
    const databaseUrl = await server.database();
    const bareUrl = await server.database();
    return await measureIngest('PostgreSQL', { databaseUrl }, (withIds) => barePostgres(bareUrl, withIds));
  } finally {
    await server.remove();
  }
}

try {
  await measureVerdicts();
  const rows = [
    ...(await measureIngest('SQLite', { folder: join(folder, 'ingest') }, bareSqlite)),
    ...(await measurePostgres()),
  ];
  process.stdout.write(
    '\nIngest end to end in batches of 1,000, four at a time. Bare: one write of what a batch comes to, alone on one connection.\n',
  );
  process.stdout.write(
    plainTable(['PREDICTIONS', 'A SECOND', 'A SECOND OF ITS PROCESSOR', 'BARE WRITE', 'RATIO'], rows),
  );
  await measureStart();
  process.stdout.write(`\n${targetTable(targets)}\n${machine()}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
