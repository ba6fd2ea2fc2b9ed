import assert from 'node:assert/strict';
import { at, holdDocument, minutesOf, Scene, type OpenLedger } from './scene.js';

const minutes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Where observations begin. */
export function describeLives(open: OpenLedger): void {
  describe('the life of a canary', () => {
    it('begins with its first traffic inside the lookback', async () => {
      const scene = new Scene(await open({ lookbackMs: 60 * 60_000 }));
      await scene.serve([
        { version: 'v1', minute: 0 },
        { version: 'v2', minute: 0 },
        { version: 'v2', minute: 70 },
        { version: 'v1', minute: 90 },
      ]);
      const { looks, restarts } = await scene.observe(100);
      assert.deepEqual(minutesOf(looks), [70, 90]);
      assert.equal(restarts, 0);
    });

    it('is not told of while the clock lies behind what is recorded, unless an earlier time is asked for', async () => {
      const scene = new Scene(await open());
      await scene.serve(
        minutes(0, 60).flatMap((minute) => [
          { version: 'v1', minute },
          { version: 'v2', minute },
        ]),
      );
      const ask = (endMinute: number, isNow: boolean) =>
        scene.ledger.observe({
          namespace: 'default',
          model: 'fraud',
          canary: 'v2',
          stable: 'v1',
          asOfMs: at(endMinute) + 30_000,
          isNow,
        });
      // Events may be five minutes ahead.
      for (const endMinute of [61, 55]) assert.equal((await ask(endMinute, true)).kind, 'observations');
      const behind = await ask(10, true);
      assert.ok(behind.kind === 'partial');
      assert.match(
        behind.reason,
        /says 2026-01-05T12:10:30Z, and the ledger has minutes up to 2026-01-05T13:00:00Z/,
      );
      assert.equal((await ask(10, false)).kind, 'observations');
    });

    it('does not begin before `since`, also within a minute', async () => {
      const scene = new Scene(await open());
      await scene.serve(minutes(0, 5).map((minute) => ({ version: 'v2', minute })));
      await scene.serve([{ version: 'v1', minute: 5 }]);
      assert.deepEqual(minutesOf((await scene.observe(7, { sinceMs: at(3) })).looks), [3, 4, 5]);
      assert.deepEqual(minutesOf((await scene.observe(7, { sinceMs: at(3) + 1 })).looks), [4, 5]);
      assert.deepEqual((await scene.observe(7, { sinceMs: at(100) })).looks, []);
    });

    it('is without looks while the canary has had no traffic', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        { version: 'v1', minute: 5 },
        { version: 'v2', minute: 10 },
      ]);
      const observations = await scene.observe(8);
      assert.deepEqual(observations.looks, []);
      assert.deepEqual(observations.before, []);
      assert.equal(observations.asOfMs, at(8));
    });

    it('tells the up to 30 minutes of the stable version directly before', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        ...minutes(-40, -1)
          .filter((minute) => minute !== -7)
          .map((minute) => ({ version: 'v1', minute, prediction: 0.4 })),
        { version: 'v2', minute: 0, prediction: 0.9 },
      ]);
      const { before, looks } = await scene.observe(2);
      assert.deepEqual(
        minutesOf(before),
        minutes(-30, -1).filter((minute) => minute !== -7),
      );
      const stable = before[0]?.stable.predictions.get('default');
      const canary = looks[0]?.canary?.predictions.get('default');
      assert.ok(stable?.kind === 'scores' && canary?.kind === 'scores');
      assert.deepEqual(stable.edges, canary.edges);
    });

    it('tells no minute before in which the canary had traffic', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        ...minutes(-10, 5).map((minute) => ({ version: 'v1', minute })),
        ...minutes(0, 5).map((minute) => ({ version: 'v2', minute })),
      ]);
      const { before, looks } = await scene.observe(6, { sinceMs: at(3) });
      assert.deepEqual(minutesOf(looks), [3, 4, 5]);
      assert.deepEqual(before, []);
    });

    it('begins anew after a gap in which the canary would have had traffic', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        ...minutes(0, 40).map((minute) => ({ version: 'v1', minute, count: 20 })),
        ...[...minutes(0, 5), ...minutes(20, 25)].map((minute) => ({ version: 'v2', minute, count: 5 })),
      ]);
      const { looks, restarts, before } = await scene.observe(26);
      assert.deepEqual(minutesOf(looks), minutes(20, 25));
      assert.equal(restarts, 1);
      assert.deepEqual(minutesOf(before), minutes(6, 19));
    });

    it('goes on after a quiet night', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        ...minutes(0, 5).flatMap((minute) => [
          { version: 'v1', minute, count: 20 },
          { version: 'v2', minute, count: 1 },
        ]),
        { version: 'v1', minute: 100, count: 40 },
        { version: 'v2', minute: 200 },
      ]);
      const { looks, restarts } = await scene.observe(201);
      assert.deepEqual(minutesOf(looks), [...minutes(0, 5), 100, 200]);
      assert.equal(restarts, 0);
    });

    it('ends with the first look without canary traffic after a rollback, also while none has followed', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        ...minutes(0, 30).map((minute) => ({ version: 'v1', minute, count: 20 })),
        ...minutes(0, 5).map((minute) => ({ version: 'v2', minute, count: 5 })),
      ]);
      await scene.verdict({ verdict: 'rollback', asOf: '2026-01-05T12:04:00Z' });
      const still = await scene.observe(6);
      assert.deepEqual(minutesOf(still.looks), minutes(0, 5));
      assert.equal(still.restarts, 0);
      const over = await scene.observe(7);
      assert.deepEqual(over.looks, []);
      assert.equal(over.restarts, 1);
      await scene.serve(minutes(8, 9).map((minute) => ({ version: 'v2', minute })));
      const again = await scene.observe(10);
      assert.deepEqual(minutesOf(again.looks), [8, 9]);
      assert.equal(again.restarts, 1);
      assert.deepEqual(minutesOf(again.before), [6, 7]);
    });

    it('goes on after a rollback of another version, model or namespace, and after a hold', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        { version: 'v1', minute: 0 },
        { version: 'v2', minute: 0 },
        { version: 'v2', minute: 3 },
      ]);
      const asOf = '2026-01-05T12:01:00Z';
      await scene.verdict({ id: '1', verdict: 'rollback', asOf, canary: 'v3' });
      await scene.verdict({ id: '2', verdict: 'rollback', asOf, model: 'churn' });
      await scene.verdict({ id: '3', verdict: 'hold', asOf });
      const { looks } = await scene.observe(5);
      assert.deepEqual(minutesOf(looks), [0, 3]);
      await scene.ledger.history.append({
        namespace: 'other',
        recordedMs: at(1),
        document: {
          ...holdDocument,
          id: '4',
          verdict: 'rollback',
          asOf,
        },
      });
      assert.deepEqual(minutesOf((await scene.observe(5)).looks), [0, 3]);
    });

    it('moves the change marker with a rollback, since it may change where a life begins', async () => {
      const scene = new Scene(await open());
      await scene.serve([{ version: 'v2', minute: 0 }]);
      const before = await scene.ledger.changeMarker('default', 'fraud');
      await scene.verdict({ id: '1', verdict: 'hold' });
      assert.equal(await scene.ledger.changeMarker('default', 'fraud'), before);
      await scene.verdict({ id: '2', verdict: 'rollback', asOf: '2026-01-05T12:01:00Z' });
      const after = await scene.ledger.changeMarker('default', 'fraud');
      assert.notEqual(after, before);
      await scene.verdict({ id: '2', verdict: 'rollback', asOf: '2026-01-05T12:01:00Z' });
      assert.equal(await scene.ledger.changeMarker('default', 'fraud'), after);
    });
  });
}
