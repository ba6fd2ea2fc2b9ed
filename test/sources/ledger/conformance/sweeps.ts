import assert from 'node:assert/strict';
import { CountBatch, type Ledger } from '../../../../src/sources/index.js';
import { at, day, noonMs, Scene, type OpenLedger } from './scene.js';

const hour = 3_600_000;

/** A batch of ids that nobody asks for. */
function idsOf(count: number, atMs: number, name: string): CountBatch {
  const batch = new CountBatch();
  for (let id = 0; id < count; id++) {
    batch.addRequest({
      namespace: 'default',
      model: 'fraud',
      version: 'v2',
      atMs,
      failed: false,
      id: `${name}-${id}`,
      predictions: new Map(),
    });
  }
  return batch;
}

/** What is removed, because of its age or of the size of it all. */
export function describeSweeps(open: OpenLedger): void {
  describe('sweeps', () => {
    it('forget names that have had no counts for as long as ids are kept', async () => {
      const scene = new Scene(await open({ keepCountsMs: day, joinWindowMs: day, maxModels: 2 }));
      const { ledger } = scene;
      await scene.serve([
        { version: 'v1', minute: 0, outputs: { class: 'cat' }, id: 'r1' },
        { version: 'v2', minute: 0 },
        { version: 'v1', minute: 0, model: 'gone' },
      ]);
      await scene.outcomes([{ version: 'v1', minute: 0, name: 'hit', value: 1 }]);
      const live = () => scene.serve([{ version: 'v2', minute: 2 * 24 * 60 }], noonMs + 2 * day);
      await live();
      assert.equal((await ledger.sweep(noonMs + 2 * day)).names, 0);
      assert.equal((await ledger.sweep(noonMs + 3 * day)).names, 0);
      await scene.serve([{ version: 'v2', minute: 3 * 24 * 60 }], noonMs + 3 * day);
      const { names } = await ledger.sweep(noonMs + 3 * day + 2 * hour);
      // Version v1 of both models, the output, the outcome, and the model that is left without any.
      assert.equal(names, 5);
      const series = await ledger.series('default', 'fraud');
      assert.deepEqual([...series.versions], ['v2']);
      assert.deepEqual([series.outputs.size, series.outcomes.size, series.labels.size], [0, 0, 0]);
      assert.equal((await ledger.models()).count, 1);
      // The room is free, and what comes again begins anew.
      await scene.serve([{ version: 'v1', minute: 0, model: 'gone', outputs: { class: 0.5 } }]);
      await scene.serve([{ version: 'v1', minute: 0, outputs: { class: 0.5 } }]);
      assert.equal((await ledger.series('default', 'fraud')).outputs.get('class'), 'scores');
    });

    it('keep names that have got counts again meanwhile', async () => {
      const scene = new Scene(await open({ keepCountsMs: day, joinWindowMs: day }));
      await scene.serve([{ version: 'v1', minute: 0, prediction: 'cat' }]);
      await scene.ledger.sweep(noonMs + 2 * day);
      await scene.serve([{ version: 'v1', minute: 3 * 24 * 60, prediction: 'cat' }], noonMs + 3 * day);
      assert.equal((await scene.ledger.sweep(noonMs + 3 * day + 2 * hour)).names, 0);
      // The time is counted anew from when it is empty again.
      assert.equal((await scene.ledger.sweep(noonMs + 5 * day)).names, 0);
      assert.equal((await scene.ledger.sweep(noonMs + 7 * day)).names, 3);
      assert.equal((await scene.ledger.models()).count, 0);
    });

    it('leave a ledger alone that is not larger than it may be', async () => {
      const scene = new Scene(await open({ maxSizeBytes: 1024 ** 4 }));
      await scene.ledger.record(idsOf(100, noonMs, 'a'), { nowMs: noonMs });
      const swept = await scene.ledger.sweep(noonMs + 2 * day);
      assert.deepEqual([swept.predictionIds, swept.full], [0, undefined]);
    });

    it('remove the ids that would go next, then verdicts, then counts, but nothing that is needed', async () => {
      const scene = new Scene(await open({ maxSizeBytes: 1, keepCountsMs: 30 * day }));
      const { ledger } = scene;
      const nowMs = noonMs + 3 * day;
      await ledger.record(idsOf(3000, noonMs, 'old'), { nowMs: noonMs });
      await ledger.record(idsOf(10, nowMs, 'new'), { nowMs });
      await scene.verdict({ id: 'old' }, noonMs);
      await scene.verdict({ id: 'new' }, nowMs);
      const swept = await ledger.sweep(nowMs);
      assert.equal(swept.predictionIds, 3000);
      assert.equal(swept.verdicts, 1);
      assert.equal(swept.minutes, 1);
      assert.match(swept.full ?? '', /^the ledger is full: .*ledger\.maxSize/);
      // Ingest is refused, verdicts go on.
      await assert.rejects(ledger.record(idsOf(1, nowMs, 'x'), { nowMs }), {
        code: 'unavailable',
        message: swept.full ?? '',
      });
      await scene.verdict({ id: 'later' }, nowMs);
      assert.equal(await requestsAt(ledger, nowMs), 10);
      // With more room it takes in again.
      ledger.configure({ ...ledger.settings, maxSizeBytes: Infinity });
      assert.equal((await ledger.sweep(nowMs)).full, undefined);
      await ledger.record(idsOf(1, nowMs, 'x'), { nowMs });
    });

    it('remove no more than is needed', async () => {
      const scene = new Scene(await open({ joinWindowMs: 30 * day }));
      const { ledger } = scene;
      for (let piece = 0; piece < 10; piece++) {
        const atMs = noonMs + piece * hour;
        await ledger.record(idsOf(2000, atMs, `piece-${piece}`), { nowMs: atMs });
      }
      await scene.verdict({ id: 'old' }, noonMs);
      const size = await ledger.size();
      ledger.configure({ ...ledger.settings, maxSizeBytes: Math.floor(size * 0.9) });
      const swept = await ledger.sweep(noonMs + 3 * day);
      assert.equal(swept.full, undefined);
      assert.ok(swept.predictionIds >= 2000 && swept.predictionIds < 20_000, String(swept.predictionIds));
      assert.deepEqual([swept.verdicts, swept.minutes], [0, 0]);
      assert.equal((await ledger.sweep(noonMs + 3 * day)).predictionIds, 0);
      // Those that would have gone last are still there.
      assert.equal(await scene.outcomes([{ id: 'piece-9-0', minute: 0, value: 1 }], at(3 * 24 * 60)), 0);
    });
  });
}

async function requestsAt(ledger: Ledger, nowMs: number): Promise<number> {
  const answer = await ledger.observe({
    namespace: 'default',
    model: 'fraud',
    canary: 'v2',
    asOfMs: nowMs + 120_000,
  });
  assert.ok(answer.kind === 'observations');
  return answer.observations.looks.reduce((sum, look) => sum + (look.canary?.requests ?? 0), 0);
}
