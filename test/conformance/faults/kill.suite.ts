import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PostgresServer } from '../../support/postgres/postgres-server.js';
import { compiledProgram } from '../../support/service/compiled-program.js';
import { ServiceProcess, type ServiceOptions } from '../../support/service/service-process.js';
import { Draw } from '../../support/simulation/draw.js';
import { until } from '../../support/until.js';
import { assertWholeBatches } from './assert-whole-batches.js';
import { NumberedBatches } from './numbered-batches.js';
import { PersistentSenders } from './persistent-senders.js';
import { askSqlite } from './sqlite-database.js';
import { storedMinutes, type AskDatabase } from './stored-minutes.js';

const senders = 4;
/** A kill comes after so many batches at most, and then at a random moment of the next ones. */
const mostBatches = 6;
const longestPauseMs = 40;

/** Kills the service again and again under load, and compares the ledger with what was acknowledged. */
async function killRepeatedly(
  name: string,
  rounds: number,
  ledger: ServiceOptions['ledger'],
  ask: AskDatabase,
): Promise<void> {
  const batches = new NumberedBatches(name, Date.now());
  const draw = new Draw(`${name}/moments`);
  let service = await ServiceProcess.start({ ledger });
  const clients = new PersistentSenders(batches, () => service.url);
  try {
    clients.start(senders);
    for (let round = 1; round <= rounds; round++) {
      const enough = clients.tally.acknowledged.size + draw.between(0, mostBatches);
      await until(() => clients.tally.acknowledged.size >= enough);
      await pause(draw.between(0, longestPauseMs));
      await service.kill();
      const next = ServiceProcess.launch({ ledger, port: service.port });
      await next.listening();
      service = next;
      if (round % 10 === 0) assertWholeBatches(await storedMinutes(ask), batches);
    }
    const { acknowledged, broken, unexpected } = await clients.finish();
    service.signal('SIGTERM');
    await service.ended();
    assert.deepEqual(unexpected, []);
    assert.ok(broken >= rounds, `only ${broken} requests were interrupted by ${rounds} kills`);
    assert.ok(acknowledged.size > rounds, `only ${acknowledged.size} batches were acknowledged`);
    assert.deepEqual(assertWholeBatches(await storedMinutes(ask), batches), acknowledged);
  } finally {
    clients.abandon();
    await service.kill();
  }
}

describe('kill -9 in the middle of ingest', function () {
  this.timeout(600_000);

  before(() => void compiledProgram());

  it('100 times at random moments: every batch is in the embedded ledger exactly once and as a whole', async () => {
    // Two services at a time, each with its own ledger: most of the time goes into starting them.
    await Promise.all(
      ['kill/a', 'kill/b'].map(async (name) => {
        const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-kill-'));
        try {
          const ask = askSqlite(folder);
          await killRepeatedly(name, 50, { folder }, ask);
          assert.deepEqual(await ask('pragma integrity_check'), [{ integrity_check: 'ok' }]);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }),
    );
  });

  it('12 times at random moments: every batch is in PostgreSQL exactly once and as a whole', async () => {
    const server = await PostgresServer.create();
    try {
      const databaseUrl = await server.database();
      const name = new URL(databaseUrl).pathname.slice(1);
      await killRepeatedly('kill/postgres', 12, { databaseUrl }, (sql) => server.query(sql, name));
    } finally {
      await server.remove();
    }
  });
});
