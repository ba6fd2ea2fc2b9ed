import assert from 'node:assert/strict';
import { CountBatch, type OutcomeEvent } from '../../../../src/sources/index.js';
import { at, day, noonMs, Scene, type OpenLedger } from './scene.js';

/** Outcomes and the predictions that they belong to. */
export function describeJoins(open: OpenLedger, manyOutcomes: number): void {
  const one = { count: 1, sum: 1, sumOfSquares: 1 };
  const none = { count: 0, sum: 0, sumOfSquares: 0 };

  /** The outcomes of v2 by minute. */
  async function outcomesOfV2(scene: Scene, name = 'default') {
    const { looks } = await scene.observe(60);
    return new Map(
      looks.flatMap((look) => {
        const totals = look.canary?.outcomes.get(name);
        return totals === undefined ? [] : [[(look.startMs - noonMs) / 60_000, totals] as const];
      }),
    );
  }

  async function scene(): Promise<Scene> {
    const opened = new Scene(await open());
    await opened.serve([
      { version: 'v1', minute: 0 },
      { version: 'v2', minute: 0 },
      { version: 'v2', minute: 9 },
    ]);
    return opened;
  }

  describe('joins', () => {
    it('counts an outcome with an id in the look of its prediction', async () => {
      const s = await scene();
      await s.serve([{ version: 'v2', minute: 0, id: 'r1' }]);
      assert.equal(await s.outcomes([{ id: 'r1', minute: 9, value: 1 }], at(9)), 0);
      assert.deepEqual((await outcomesOfV2(s)).get(0), one);
      assert.deepEqual((await outcomesOfV2(s)).get(9), none);
    });

    it('does the same when the outcome comes first', async () => {
      const s = await scene();
      assert.equal(await s.outcomes([{ id: 'r1', minute: 9, value: 1 }], at(9)), 1);
      assert.equal((await outcomesOfV2(s)).size, 0);
      await s.serve([{ version: 'v2', minute: 0, id: 'r1' }], at(10));
      assert.deepEqual((await outcomesOfV2(s)).get(0), one);
      // It was waiting once: the next prediction with this id does not find it again.
      await s.serve([{ version: 'v2', minute: 9, id: 'r1' }], at(11));
      assert.deepEqual((await outcomesOfV2(s)).get(9), none);
    });

    it('counts one that names its version by its own time until its prediction arrives', async () => {
      const s = await scene();
      assert.equal(await s.outcomes([{ id: 'r1', version: 'v2', minute: 9, value: 1 }], at(9)), 1);
      assert.deepEqual((await outcomesOfV2(s)).get(9), one);
      await s.serve([{ version: 'v2', minute: 0, id: 'r1' }], at(10));
      assert.deepEqual((await outcomesOfV2(s)).get(0), one);
      assert.deepEqual((await outcomesOfV2(s)).get(9), none);
    });

    it('believes the version that an outcome names, not another one with its id', async () => {
      const s = await scene();
      await s.serve([{ version: 'v1', minute: 0, id: 'r1' }]);
      assert.equal(await s.outcomes([{ id: 'r1', version: 'v2', minute: 9, value: 1 }], at(9)), 1);
      assert.deepEqual((await outcomesOfV2(s)).get(9), one);
      await s.serve([{ version: 'v1', minute: 1, id: 'r1' }], at(10));
      assert.deepEqual((await outcomesOfV2(s)).get(9), one);
    });

    it('counts one without an id by its own time', async () => {
      const s = await scene();
      await s.outcomes([{ version: 'v2', minute: 9, value: -2 }]);
      assert.deepEqual((await outcomesOfV2(s)).get(9), { count: 1, sum: -2, sumOfSquares: 4 });
    });

    it('counts every event of one id, and joins to its latest prediction', async () => {
      const s = await scene();
      await s.serve([
        { version: 'v1', minute: 0, id: 'r1' },
        { version: 'v2', minute: 0, id: 'r1' },
      ]);
      await s.serve([{ version: 'v2', minute: 9, id: 'r1' }]);
      await s.outcomes([
        { id: 'r1', minute: 12, value: 1, name: 'hit' },
        { id: 'r1', minute: 13, value: 1, name: 'hit' },
      ]);
      assert.deepEqual((await outcomesOfV2(s, 'hit')).get(9), { count: 2, sum: 2, sumOfSquares: 2 });
    });

    it('joins a great many ids whose versions are known, and those that came before them', async () => {
      const s = await scene();
      const ids = Array.from({ length: 6000 }, (_, number) => `session-${number}`);
      await s.outcomes(ids.slice(0, 50).map((id) => ({ id, minute: 20, value: 1 })));
      await s.serve(ids.map((id) => ({ version: 'v2', minute: 0, id })));
      assert.equal(await s.outcomes(ids.slice(50).map((id) => ({ id, minute: 20, value: 1 }))), 0);
      assert.equal((await outcomesOfV2(s)).get(0)?.count, 6000);
    });

    it('keeps the ids of models and namespaces apart', async () => {
      const s = await scene();
      await s.serve([{ version: 'v2', minute: 0, id: 'r1' }]);
      assert.equal(await s.outcomes([{ id: 'r1', model: 'churn', minute: 9, value: 1 }]), 1);
      assert.equal(await s.outcomes([{ id: 'r1', namespace: 'other', minute: 9, value: 1 }]), 1);
    });

    it('forgets ids after the join window', async () => {
      const s = await scene();
      await s.serve([{ version: 'v2', minute: 0, id: 'r1' }]);
      assert.equal(await s.outcomes([{ id: 'r1', minute: 0, value: 1 }], noonMs + 7 * day - 60_000), 0);
      assert.equal(await s.outcomes([{ id: 'r1', minute: 0, value: 1 }], noonMs + 7 * day), 1);
      // The waiting outcome is forgotten as well.
      await s.serve([{ version: 'v2', minute: 0, id: 'r1' }], noonMs + 14 * day);
      assert.deepEqual((await outcomesOfV2(s)).get(0), one);
    });

    it('joins any number of outcomes that wait under one id, while others are counted', async () => {
      const s = await scene();
      const waiting = Array.from({ length: manyOutcomes }, () => ({ id: 'session', minute: 9, value: 1 }));
      assert.equal(await s.outcomes(waiting), manyOutcomes);
      await Promise.all([
        s.serve([{ version: 'v2', minute: 0, id: 'session' }]),
        ...['a', 'b', 'c'].map((model) => s.serve([{ version: 'v2', minute: 0, model }])),
      ]);
      const total = { count: manyOutcomes, sum: manyOutcomes, sumOfSquares: manyOutcomes };
      assert.deepEqual((await outcomesOfV2(s)).get(0), total);
      assert.deepEqual(s.ledger.status(), { available: true });
      // None of them waits any longer.
      await s.serve([{ version: 'v2', minute: 9, id: 'session' }]);
      assert.deepEqual((await outcomesOfV2(s)).get(9), none);
    });

    it('joins few and many outcomes that wait under many ids, each once', async () => {
      const s = await scene();
      const ids = Array.from({ length: 250 }, (_, number) => `session-${number}`);
      const few = 40;
      const many = 101;
      const waiting = ids.flatMap((id, index) =>
        Array.from({ length: index % 5 === 0 ? many : few }, () => ({ id, minute: 9, value: 2 })),
      );
      // One whose prediction does not come is not counted.
      await s.outcomes([...waiting, { id: 'nobody', minute: 9, value: 2 }]);
      await s.serve(ids.map((id) => ({ version: 'v2', minute: 0, id })));
      const count = 50 * many + 200 * few;
      assert.deepEqual((await outcomesOfV2(s)).get(0), { count, sum: 2 * count, sumOfSquares: 4 * count });
    });

    it('lets those wait on that name another version, however many there are', async () => {
      const s = await scene();
      const pages = 2500;
      await s.outcomes(
        Array.from({ length: 2 * pages }, (_, index) => ({
          id: 'session',
          version: index % 2 === 0 ? 'v1' : 'v2',
          minute: 9,
          value: 1,
        })),
      );
      for (let round = 0; round < 2; round++) {
        await s.serve([{ version: 'v2', minute: 0, id: 'session' }]);
        const { looks } = await s.observe(60);
        const ofLook = (minute: number) => looks.find(({ startMs }) => startMs === at(minute));
        assert.equal(ofLook(0)?.canary?.outcomes.get('default')?.count, pages);
        assert.equal(ofLook(9)?.canary?.outcomes.get('default')?.count, 0);
        assert.equal(ofLook(9)?.stable?.outcomes.get('default')?.count, pages);
      }
    });

    it('tells who asks of which version each outcome with an id is, once', async () => {
      const s = await scene();
      const tell = async (fill: (batch: CountBatch) => void) => {
        const batch = new CountBatch();
        fill(batch);
        const answer = await s.ledger.record(batch, { nowMs: noonMs, tellJoined: true });
        assert.ok(answer.kind === 'recorded');
        return answer.joined?.map(({ namespace, model, ...told }) => {
          assert.deepEqual([namespace, model], ['default', 'fraud']);
          return told;
        });
      };
      const of = { namespace: 'default', model: 'fraud', atMs: at(0) };
      const served = (version: string, id: string) => (batch: CountBatch) => {
        batch.addRequest({ ...of, version, id, failed: false, predictions: new Map() });
      };
      const event = (more: Partial<OutcomeEvent> & { readonly value: number }) => (batch: CountBatch) => {
        batch.addOutcome({ ...of, name: 'hit', ...more });
      };
      const sum = (...values: readonly number[]) => ({
        count: values.length,
        sum: values.reduce((total, value) => total + value, 0),
        sumOfSquares: values.reduce((total, value) => total + value * value, 0),
        positiveSum: values.reduce((total, value) => total + Math.max(value, 0), 0),
        negativeSum: values.reduce((total, value) => total + Math.max(-value, 0), 0),
      });
      assert.deepEqual(await tell(served('v2', 'r1')), []);
      // Without an id an outcome is in the batch, and nowhere else.
      assert.deepEqual(await tell(event({ version: 'v2', value: 7 })), []);
      assert.deepEqual(
        await tell((batch) => {
          event({ id: 'r1', value: 3 })(batch);
          event({ id: 'r1', version: 'v2', value: -4 })(batch);
          event({ id: 'r1', version: 'v1', value: 1 })(batch);
          event({ id: 'r2', value: 5 })(batch);
          event({ id: 'r2', version: 'v1', value: 2 })(batch);
        }),
        [
          { version: 'v2', outcome: 'hit', sum: sum(3, -4) },
          { version: 'v1', outcome: 'hit', sum: sum(1, 2) },
        ],
      );
      // The one that named v1 only moves, the other one is counted now, and neither a second time.
      assert.deepEqual(await tell(served('v1', 'r2')), [{ version: 'v1', outcome: 'hit', sum: sum(5) }]);
      assert.deepEqual(await tell(served('v1', 'r2')), []);
      const { looks } = await s.observe(60);
      const total = (arm: 'canary' | 'stable') =>
        looks.reduce((all, look) => all + (look[arm]?.outcomes.get('hit')?.sum ?? 0), 0);
      assert.deepEqual([total('canary'), total('stable')], [7 + 3 - 4, 1 + 5 + 2]);
      const unasked = await s.ledger.record(new CountBatch(), { nowMs: noonMs });
      assert.deepEqual(unasked, { kind: 'recorded', unmatched: 0 });
    });

    it('joins thousands of ids in one batch', async () => {
      const s = await scene();
      const ids = Array.from({ length: 5000 }, (_, index) => `request-${index}`);
      await s.serve(ids.map((id, index) => ({ version: 'v2', minute: index % 2 === 0 ? 0 : 9, id })));
      assert.equal(await s.outcomes(ids.map((id) => ({ id, minute: 20, value: 1 }))), 0);
      const outcomes = await outcomesOfV2(s);
      assert.equal(outcomes.get(0)?.count, 2500);
      assert.equal(outcomes.get(9)?.count, 2500);
    });
  });
}
