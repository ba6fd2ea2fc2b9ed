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

    it('keep the name of an outcome that waits for its prediction, whatever else comes meanwhile', async () => {
      const scene = new Scene(await open({ joinWindowMs: day, keepCountsMs: 2 * day }));
      const { ledger } = scene;
      await scene.serve([{ version: 'v2', minute: 0 }]);
      const last = 66 * 60;
      for (let minute = 0; minute <= last; minute += 6 * 60) {
        // Nothing but outcomes without a prediction, a new one always before the one before is forgotten.
        await scene.outcomes([{ id: `r${minute}`, minute, name: 'clicked', value: 1 }], at(minute));
        await ledger.sweep(at(minute));
      }
      await scene.serve([{ version: 'v2', minute: last }], at(last));
      await scene.outcomes([{ version: 'v2', minute: last, name: 'revenue', value: 500 }], at(last));
      await scene.serve([{ version: 'v2', minute: last, id: `r${last}` }], at(last));
      const { looks } = await scene.observe(last + 2);
      const totals = [...(looks.at(-1)?.canary?.outcomes ?? [])].map(([name, { sum }]) => [name, sum]);
      assert.deepEqual(totals, [
        ['clicked', 1],
        ['revenue', 500],
      ]);
    });

    it('keep a version that ids or waiting outcomes refer to, also after the join window was shortened', async () => {
      const scene = new Scene(await open({ keepCountsMs: 2 * day, joinWindowMs: 30 * day }));
      const { ledger } = scene;
      await scene.serve([{ version: 'v1', minute: 0, id: 'x' }]);
      await scene.outcomes([{ version: 'v3', minute: 0, id: 'y', value: 1 }]);
      ledger.configure({ ...ledger.settings, joinWindowMs: hour });
      for (let days = 3; days < 20; days++) assert.equal((await ledger.sweep(noonMs + days * day)).names, 0);
      assert.deepEqual([...(await ledger.series('default', 'fraud')).versions].sort(), ['v1', 'v3']);
      await ledger.sweep(noonMs + 31 * day);
      assert.equal((await ledger.sweep(noonMs + 32 * day)).names, 4);
    });

    it('leave what a verdict is made from, whatever the settings say', async () => {
      const scene = new Scene(await open({ keepCountsMs: hour, keepVerdictsMs: hour, maxSizeBytes: 1 }));
      const now = 24 * 60;
      for (const minute of [-25, 5, now - 1]) {
        await scene.serve([{ version: 'v1', minute, count: 20, outputs: { class: 'cat' } }]);
      }
      await scene.serve([5, now - 1].map((minute) => ({ version: 'v2', minute, count: 20 })));
      await scene.outcomes([{ version: 'v2', minute: 5, value: 1 }]);
      await scene.verdict({ id: 'r', verdict: 'rollback', asOf: '2026-01-05T12:03:00Z' }, at(4));
      const before = await scene.observe(now);
      await scene.ledger.sweep(at(now) + 30_000);
      assert.deepEqual(await scene.observe(now), before);
      assert.equal(before.before.length, 1);
    });

    it('know for a week that a model has outcomes, though their counts go early', async () => {
      const scene = new Scene(await open({ maxSizeBytes: 1 }));
      const { ledger } = scene;
      const now = 3 * 24 * 60;
      await scene.serve([{ version: 'v2', minute: 0 }]);
      await scene.outcomes([0, 1, 2].map((minute) => ({ version: 'v2', minute, value: 1 })));
      await scene.serve([{ version: 'v2', minute: now }], at(now));
      const before = await scene.observe(now + 2);
      assert.deepEqual([...(before.looks[0]?.canary?.outcomes.keys() ?? [])], ['default']);
      assert.equal((await ledger.sweep(at(now))).minutes, 1);
      assert.deepEqual(await scene.observe(now + 2), before);
      const later = now + 5 * 24 * 60;
      await ledger.sweep(at(later));
      await ledger.record(idsOf(1, at(later), 'x'), { nowMs: at(later) }).catch(() => undefined);
      ledger.configure({ ...ledger.settings, maxSizeBytes: Infinity });
      await ledger.sweep(at(later));
      await scene.serve([{ version: 'v2', minute: later }], at(later));
      const { looks } = await scene.observe(later + 2);
      assert.deepEqual([...(looks.at(-1)?.canary?.outcomes.keys() ?? [])], []);
    });

    it('move the change marker of models whose counts go, and of no others', async () => {
      const scene = new Scene(await open({ maxSizeBytes: 1 }));
      const { ledger } = scene;
      const now = 3 * 24 * 60;
      await scene.serve([{ version: 'v2', minute: 0 }]);
      await scene.serve([{ version: 'v2', minute: 0, model: 'other' }]);
      await scene.outcomes([0, 1].map((minute) => ({ version: 'v2', minute, value: 1, model: 'sold' })));
      await scene.serve([{ version: 'v2', minute: now, model: 'young' }], at(now));
      const markers = () =>
        Promise.all(
          ['fraud', 'other', 'sold', 'young'].map((model) => ledger.changeMarker('default', model)),
        );
      const before = await markers();
      await ledger.sweep(at(now));
      const after = await markers();
      assert.deepEqual(
        after.map((marker, index) => marker === before[index]),
        [false, false, false, true],
      );
      await ledger.sweep(at(now));
      assert.deepEqual(await markers(), after);
    });

    it('remove more minutes, outputs and outcomes than fit one step', async () => {
      const scene = new Scene(await open({ keepCountsMs: 2 * day }));
      const minutes = Array.from({ length: 900 }, (_, minute) => minute);
      await scene.serve(minutes.map((minute) => ({ version: 'v2', minute, outputs: { a: 0.5, b: 'cat' } })));
      await scene.outcomes(
        minutes.flatMap((minute) => ['v1', 'v2'].map((version) => ({ version, minute, value: 1 }))),
      );
      const kept = 30;
      const swept = await scene.ledger.sweep(at(900 - kept) + 2 * day);
      assert.equal(swept.minutes, 900 - kept);
      const observed = await scene.observe(901, { stable: 'v1' });
      assert.equal(observed.looks.length, kept);
      assert.equal((await scene.ledger.sweep(at(2000) + 2 * day)).minutes, kept);
    });

    it('end at once when the ledger is closed', async () => {
      const { ledger } = new Scene(await open({ joinWindowMs: day }));
      await ledger.record(idsOf(6000, noonMs, 'a'), { nowMs: noonMs });
      const sweeping = ledger.sweep(noonMs + 2 * day);
      await ledger.close();
      assert.ok((await sweeping).predictionIds < 6000);
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
      ledger.configure({ ...ledger.settings, maxSizeBytes: Math.floor(size * 0.6) });
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
