import assert from 'node:assert/strict';
import { join } from 'node:path';
import Database from 'libsql';
import { openLedger, openMemoryLedger } from '../../../../src/sources/index.js';
import { at, day, noonMs, Scene } from '../conformance/scene.js';
import { removeTemporaryFolders, temporaryFolder } from '../temporary-folder.js';

describe('a sweep of the embedded ledger', () => {
  after(removeTemporaryFolders);

  it('lets requests and timers through between its steps', async () => {
    const ledger = await openMemoryLedger({ joinWindowMs: day });
    const ids = Array.from({ length: 6000 }, (_, id) => ({ version: 'v2', minute: 0, id: `r${id}` }));
    await new Scene(ledger).serve(ids);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const state = { swept: false };
    const sweeping = ledger.sweep(noonMs + 2 * day).finally(() => (state.swept = true));
    let answered = 0;
    while (!state.swept) {
      await ledger.ping();
      await new Promise((resolve) => setImmediate(resolve));
      answered++;
    }
    clearInterval(timer);
    assert.equal((await sweeping).predictionIds, 6000);
    // As many steps as it takes to remove 6000 rows by a few hundred.
    assert.ok(ticks >= 10, `${ticks} ticks`);
    assert.ok(answered >= 10, `${answered} answers`);
    await ledger.close();
  });

  it('never gives the number of a name that is gone to another one', async () => {
    const folder = await temporaryFolder();
    const ledger = await openLedger(folder, { keepCountsMs: day, joinWindowMs: day });
    const scene = new Scene(ledger);
    const database = new Database(join(folder, 'ledger.sqlite'));
    const numbers = (table: string) =>
      (database.prepare(`select id from ${table} order by id`).all() as { id: number }[]).map(({ id }) => id);
    await scene.serve([{ version: 'v1', minute: 0, prediction: 0.5 }]);
    await scene.serve([{ version: 'v2', minute: 0, model: 'gone', prediction: 0.5 }]);
    const before = ['models', 'versions', 'series'].map(numbers);
    for (const days of [2, 4]) await ledger.sweep(noonMs + days * day);
    assert.deepEqual(['models', 'versions', 'series'].map(numbers), [[], [], []]);
    const later = 5 * 24 * 60;
    await scene.serve([{ version: 'v3', minute: later, model: 'new', prediction: 0.5 }], at(later));
    for (const [index, table] of ['models', 'versions', 'series'].entries()) {
      const [id = 0] = numbers(table);
      assert.ok(id > Math.max(...(before[index] ?? [])), table);
    }
    database.close();
    await ledger.close();
  });
});
