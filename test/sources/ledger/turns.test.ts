import assert from 'node:assert/strict';
import { sqliteMemory } from '../../../src/sources/ledger/sqlite/sqlite-dialect.js';
import { CountBatch, openMemoryLedger, type Ledger } from '../../../src/sources/index.js';
import { noCounts, type MinuteCounts, type OutputCounts } from '../../../src/sources/ledger/count-batch.js';
import { writeCountsOf } from '../../../src/sources/ledger/counts-writer.js';
import { migrate } from '../../../src/sources/ledger/migrate.js';
import { holdModel } from '../../../src/sources/ledger/names.js';
import { at, noonMs } from './conformance/scene.js';

/** Work, and how many turns of the event loop others had meanwhile. */
async function turnsWhile<T>(work: Promise<T>): Promise<{ readonly value: T; readonly turns: number }> {
  let turns = 0;
  let next = setImmediate(function count() {
    turns++;
    next = setImmediate(count);
  });
  const value = await work;
  clearImmediate(next);
  return { value, turns };
}

describe('large work of the embedded ledger', () => {
  let ledger: Ledger;

  beforeEach(async () => {
    ledger = await openMemoryLedger();
  });

  afterEach(() => ledger.close());

  it('lets others through while a long life with wide histograms is observed', async () => {
    const batch = new CountBatch();
    const scores = Array.from({ length: 50 }, (_, position) => 2 ** position);
    for (let minute = 0; minute < 600; minute++) {
      for (const version of ['v1', 'v2']) {
        const request = { namespace: 'default', model: 'm', version, atMs: at(-minute) };
        batch.addRequest({ ...request, failed: false, predictions: new Map() });
        batch.addPredictions(request, 'score', scores);
      }
    }
    await ledger.record(batch, { nowMs: noonMs });
    const query = { namespace: 'default', model: 'm', canary: 'v2', stable: 'v1', asOfMs: at(2) };
    const { value, turns } = await turnsWhile(ledger.observe(query));
    assert.ok(value.kind === 'observations');
    assert.equal(value.observations.looks.length, 600);
    // Some twelve times for the histograms of each version, and twenty times for the looks.
    assert.ok(turns > 30, String(turns));
  });

  it('looks through the outputs of a minute as often, however many of them have labels', async () => {
    let looked = 0;
    class Watched extends Map<string, OutputCounts> {
      override [Symbol.iterator]() {
        looked++;
        return super[Symbol.iterator]();
      }
    }
    const outputs = new Watched();
    for (let output = 0; output < 40; output++) {
      outputs.set(`o${output}`, { kind: 'labels', labels: new Map([['a', 1]]), others: 0 });
    }
    const counts: MinuteCounts = { ...noCounts(), requests: 1, outputs };
    const dialect = sqliteMemory();
    const connections = await dialect.open();
    const { writer } = connections;
    await migrate(writer, dialect);
    await writer.transaction().execute(async (transaction) => {
      const modelId = await holdModel(transaction, { namespace: 'n', model: 'm' }, 1);
      await writeCountsOf(transaction, modelId, new Map([[1, new Map([[1, counts]])]]), 200);
    });
    const rows = await writer.selectFrom('prediction_counts').select('bins').execute();
    assert.equal(rows.length, 40);
    assert.ok(looked <= 2, String(looked));
    await connections.close();
  });
});
