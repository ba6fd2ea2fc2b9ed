import assert from 'node:assert/strict';
import { observationsToFile, parseObservations } from '../../../../src/domain/observations-file.js';
import { latencyBoundsMs } from '../../../../src/sources/index.js';
import { at, day, minutesOf, noonMs, Scene, type OpenLedger } from './scene.js';

/** What is written comes out again, look by look. */
export function describeCounts(open: OpenLedger): void {
  describe('counts', () => {
    it('adds requests, errors and latencies of a minute over several batches', async () => {
      const scene = new Scene(await open());
      await scene.serve([{ version: 'v2', minute: 0, count: 3, failed: 1, latencyMs: 200 }]);
      await scene.serve([
        { version: 'v2', minute: 0, count: 2, latencyMs: 200.5 },
        { version: 'v1', minute: 0, count: 7, latencyMs: 90_000 },
      ]);
      const { looks } = await scene.observe(2);
      const [look] = looks;
      assert.ok(look?.canary?.latency !== undefined && look.stable?.latency !== undefined);
      assert.equal(looks.length, 1);
      assert.equal(look.startMs, at(0));
      assert.equal(look.endMs, at(1));
      assert.equal(look.canary.requests, 5);
      assert.equal(look.canary.errors, 1);
      assert.deepEqual(look.canary.latency.boundsMs, latencyBoundsMs);
      const at200 = latencyBoundsMs.indexOf(200);
      assert.equal(look.canary.latency.counts[at200], 3);
      assert.equal(look.canary.latency.counts[at200 + 1], 2);
      assert.equal(look.stable.latency.counts.at(-1), 7);
    });

    it('counts scores of [0, 1] on the grid of hundredths, in bins (lower, upper]', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        { version: 'v2', minute: 0, prediction: 0.07 },
        { version: 'v2', minute: 0, prediction: 0.0701 },
        { version: 'v1', minute: 0, prediction: 0 },
        { version: 'v1', minute: 1, prediction: 1 },
      ]);
      const { looks } = await scene.observe(2);
      const canary = looks[0]?.canary?.predictions.get('default');
      const stable = looks[0]?.stable?.predictions.get('default');
      const later = looks[1]?.stable?.predictions.get('default');
      assert.ok(canary?.kind === 'scores' && stable?.kind === 'scores' && later?.kind === 'scores');
      assert.deepEqual(canary.edges, stable.edges);
      assert.deepEqual(canary.edges, later.edges);
      assert.equal(canary.counts.length, canary.edges.length + 1);
      assert.equal(canary.counts[canary.edges.indexOf(0.07)], 1);
      assert.equal(canary.counts[canary.edges.indexOf(0.08)], 1);
      assert.equal(stable.counts[0], 1);
      assert.equal(later.counts.at(-1), 1);
    });

    it('shows all numbers on common edges when some lie outside [0, 1]', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        { version: 'v2', minute: 0, prediction: 0.5 },
        { version: 'v2', minute: 0, prediction: 120 },
        { version: 'v1', minute: 1, prediction: -3 },
      ]);
      const { looks } = await scene.observe(3);
      const shapes = looks
        .flatMap((look) => [look.canary, look.stable])
        .flatMap((arm) => arm?.predictions.get('default') ?? []);
      assert.equal(shapes.length, 2);
      for (const shape of shapes) {
        assert.ok(shape.kind === 'scores');
        assert.deepEqual(shape.edges, shapes[0]?.kind === 'scores' ? shapes[0].edges : []);
        assert.deepEqual(
          [...shape.edges],
          [...new Set(shape.edges)].sort((a, b) => a - b),
        );
      }
    });

    it('counts labels by name, sorted, all arms alike, with a last count for others', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        { version: 'v2', minute: 0, prediction: 'dog', count: 2 },
        { version: 'v1', minute: 0, prediction: 'cat', count: 3 },
        { version: 'v1', minute: 0, prediction: 'Zebra' },
      ]);
      const { looks } = await scene.observe(2);
      assert.deepEqual(looks[0]?.canary?.predictions.get('default'), {
        kind: 'labels',
        labels: ['Zebra', 'cat', 'dog'],
        counts: [0, 0, 2, 0],
      });
      assert.deepEqual(looks[0].stable?.predictions.get('default'), {
        kind: 'labels',
        labels: ['Zebra', 'cat', 'dog'],
        counts: [1, 3, 0, 0],
      });
    });

    it('counts labels beyond the first 200 together', async () => {
      const scene = new Scene(await open());
      const many = Array.from({ length: 205 }, (_, index) => ({
        version: 'v2',
        minute: 0,
        prediction: `label-${String(index).padStart(3, '0')}`,
      }));
      await scene.serve(many);
      await scene.serve([{ version: 'v2', minute: 1, prediction: 'one more' }]);
      const { looks } = await scene.observe(3);
      const first = looks[0]?.canary?.predictions.get('default');
      const second = looks[1]?.canary?.predictions.get('default');
      assert.ok(first?.kind === 'labels' && second?.kind === 'labels');
      assert.equal(first.labels.length, 200);
      assert.equal(first.counts.at(-1), 5);
      assert.deepEqual(second.labels, first.labels);
      assert.equal(second.counts.at(-1), 1);
    });

    it('keeps several outputs and outcomes apart', async () => {
      const scene = new Scene(await open());
      await scene.serve([{ version: 'v2', minute: 0, outputs: { score: 0.25, class: 'a' } }]);
      await scene.outcomes([
        { version: 'v2', minute: 0, name: 'hit', value: 1 },
        { version: 'v2', minute: 0, name: 'hit', value: 0 },
        { version: 'v2', minute: 0, name: 'revenue', value: 2.5 },
      ]);
      const { looks } = await scene.observe(2);
      const arm = looks[0]?.canary;
      assert.equal(arm?.predictions.get('score')?.kind, 'scores');
      assert.equal(arm.predictions.get('class')?.kind, 'labels');
      assert.deepEqual(arm.outcomes.get('hit'), { count: 2, sum: 1, sumOfSquares: 1 });
      assert.deepEqual(arm.outcomes.get('revenue'), { count: 1, sum: 2.5, sumOfSquares: 6.25 });
    });

    it('leaves the predictions of failed requests out, not their latency', async () => {
      const scene = new Scene(await open());
      await scene.serve([{ version: 'v2', minute: 0, count: 2, failed: 1, prediction: 0.5, latencyMs: 10 }]);
      const { looks } = await scene.observe(2);
      const predictions = looks[0]?.canary?.predictions.get('default');
      assert.equal(sum(predictions?.counts), 1);
      assert.equal(sum(looks[0]?.canary?.latency?.counts), 2);
    });

    it('says that an outcome is measured, with count 0, as soon as the model has it', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        { version: 'v2', minute: 0 },
        { version: 'v1', minute: 0 },
      ]);
      const without = await scene.observe(2);
      assert.equal(without.looks[0]?.canary?.outcomes.size, 0);
      await scene.outcomes([{ version: 'v0', minute: -500, value: 1 }]);
      const withOne = await scene.observe(2);
      const none = { count: 0, sum: 0, sumOfSquares: 0 };
      assert.deepEqual(withOne.looks[0]?.canary?.outcomes.get('default'), none);
      assert.deepEqual(withOne.looks[0].stable?.outcomes.get('default'), none);
    });

    it('takes the mean of outcomes over predictions where the model says so', async () => {
      const scene = new Scene(
        await open({ denominator: (_, model) => (model === 'fraud' ? 'predictions' : 'outcomes') }),
      );
      await scene.serve([{ version: 'v2', minute: 0, count: 10, failed: 2 }]);
      await scene.outcomes([{ version: 'v2', minute: 0, value: 3 }]);
      const { looks } = await scene.observe(2);
      assert.deepEqual(looks[0]?.canary?.outcomes.get('default'), { count: 8, sum: 3, sumOfSquares: 9 });
    });

    it('leaves minutes without any counts out', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        { version: 'v2', minute: 0 },
        { version: 'v1', minute: 3 },
        { version: 'v2', minute: 5 },
      ]);
      const { looks } = await scene.observe(8);
      assert.deepEqual(minutesOf(looks), [0, 3, 5]);
      assert.equal(looks[1]?.canary, undefined);
      assert.equal(looks[0]?.stable, undefined);
    });

    it('counts a look once it has been over for the time of settling, and says until when it looked', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        { version: 'v2', minute: 0 },
        { version: 'v2', minute: 1 },
      ]);
      const early = await scene.observe(0, { asOfMs: at(2) + 9_999 });
      const settled = await scene.observe(0, { asOfMs: at(2) + 10_000 });
      assert.deepEqual(minutesOf(early.looks), [0]);
      assert.equal(early.asOfMs, at(1));
      assert.deepEqual(minutesOf(settled.looks), [0, 1]);
      assert.equal(settled.asOfMs, at(2));
    });

    it('answers the same for every instant within a look, and takes late events in', async () => {
      const scene = new Scene(await open());
      await scene.serve([{ version: 'v2', minute: 0, count: 4, prediction: 0.3 }]);
      const first = await scene.observe(0, { asOfMs: at(1) + 10_000 });
      const last = await scene.observe(0, { asOfMs: at(2) + 9_999 });
      assert.deepEqual(observationsToFile(first), observationsToFile(last));
      await scene.serve([{ version: 'v2', minute: 0 }], at(10));
      const later = await scene.observe(0, { asOfMs: at(1) + 10_000 });
      assert.equal(later.looks[0]?.canary?.requests, 5);
    });

    it('gives observations that the file format takes', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        { version: 'v1', minute: -2, count: 3, prediction: 'a' },
        { version: 'v2', minute: 0, count: 3, failed: 1, latencyMs: 3, prediction: 'b' },
        { version: 'v1', minute: 1, count: 2, latencyMs: 700, outputs: { score: -2, default: 'c' } },
      ]);
      await scene.outcomes([{ version: 'v2', minute: 0, value: 0.1 }]);
      const observations = await scene.observe(3);
      const text = JSON.stringify(observationsToFile(observations));
      const parsed = parseObservations(JSON.parse(text));
      assert.ok(parsed.ok, JSON.stringify(parsed));
      assert.deepEqual(parsed.value, observations);
    });

    it('keeps namespaces and models apart', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        { version: 'v2', minute: 0, count: 5 },
        { version: 'v2', minute: 0, namespace: 'other', count: 2 },
        { version: 'v2', minute: 0, model: 'churn' },
      ]);
      const other = await scene.observe(2, { namespace: 'other', stable: 'v2' });
      assert.equal(other.looks[0]?.canary?.requests, 2);
    });

    it('names what it knows where a model or a version is unknown', async () => {
      const scene = new Scene(await open());
      await scene.serve([
        { version: 'v1', minute: 0 },
        { version: 'v2', minute: 0 },
        { version: 'v9', minute: 0, namespace: 'other', model: 'churn' },
      ]);
      const ask = (change: object) =>
        scene.ledger.observe({
          namespace: 'default',
          model: 'fraud',
          canary: 'v2',
          stable: 'v1',
          asOfMs: at(2),
          ...change,
        });
      assert.deepEqual(await ask({ model: 'frau' }), { kind: 'unknown-model', known: ['fraud'] });
      assert.deepEqual(await ask({ canary: 'v3' }), {
        kind: 'unknown-version',
        version: 'v3',
        known: ['v2', 'v1'],
      });
      assert.deepEqual(await ask({ stable: 'v0' }), {
        kind: 'unknown-version',
        version: 'v0',
        known: ['v2', 'v1'],
      });
    });

    it('moves the change marker of a model with its counts, and of no other', async () => {
      const { ledger } = new Scene(await open());
      const scene = new Scene(ledger);
      await scene.serve([
        { version: 'v1', minute: 0 },
        { version: 'v1', minute: 0, model: 'churn' },
      ]);
      const fraud = await ledger.changeMarker('default', 'fraud');
      const churn = await ledger.changeMarker('default', 'churn');
      assert.equal(await ledger.changeMarker('default', 'fraud'), fraud);
      await scene.serve([{ version: 'v1', minute: -400 }]);
      assert.notEqual(await ledger.changeMarker('default', 'fraud'), fraud);
      assert.equal(await ledger.changeMarker('default', 'churn'), churn);
      assert.equal(await ledger.changeMarker('nowhere', 'nothing'), '0');
    });

    it('leaves the change marker for what no verdict knows yet: counts of the minute that is going on', async () => {
      const scene = new Scene(await open({ settleMs: 20_000 }));
      const marker = () => scene.ledger.changeMarker('default', 'fraud');
      const moves = async (change: () => Promise<unknown>) => {
        const before = await marker();
        await change();
        return (await marker()) !== before;
      };
      const old = [{ id: 'old', minute: 0, value: 1 }];
      await scene.serve([{ version: 'v1', minute: -5, id: 'old' }]);
      assert.equal(await moves(() => scene.serve([{ version: 'v1', minute: 0, id: 'new' }])), false);
      assert.equal(await moves(() => scene.serve([{ version: 'v1', minute: 0 }], at(1) + 9_000)), false);
      assert.equal(await moves(() => scene.serve([{ version: 'v1', minute: 0 }], at(1) + 11_000)), true);
      // The outcome counts where its prediction was served.
      assert.equal(await moves(() => scene.outcomes([{ id: 'new', minute: 0, value: 1 }])), true);
      assert.equal(await moves(() => scene.outcomes([{ id: 'new', minute: 0, value: 1 }])), false);
      assert.equal(await moves(() => scene.outcomes(old)), true);
      assert.equal(await moves(() => scene.outcomes([{ id: 'nobody', minute: 0, value: 1 }])), false);
      // Names that were unknown may have been asked for.
      assert.equal(await moves(() => scene.serve([{ version: 'v3', minute: 0 }])), true);
      assert.equal(await moves(() => scene.serve([{ version: 'v3', minute: 0, prediction: 1 }])), true);
      assert.equal(await moves(() => scene.serve([{ version: 'v3', minute: 0, prediction: 1 }])), false);
    });

    it('names the outputs and outcomes of a model', async () => {
      const scene = new Scene(await open());
      await scene.serve([{ version: 'v1', minute: 0, outputs: { score: 1, class: 'x' } }]);
      await scene.outcomes([{ version: 'v1', minute: 0, name: 'hit', value: 1 }]);
      const series = await scene.ledger.series('default', 'fraud');
      assert.deepEqual([...series.outputs].sort(), [
        ['class', 'labels'],
        ['score', 'scores'],
      ]);
      assert.deepEqual([...series.outcomes], ['hit']);
    });

    it('does not write any of a batch whose output has become of the other kind meanwhile', async () => {
      const scene = new Scene(await open());
      await scene.serve([{ version: 'v1', minute: 0, prediction: 'a' }]);
      await assert.rejects(scene.serve([{ version: 'v2', minute: 0, prediction: 0.5 }]), {
        name: 'VerdictError',
        code: 'unavailable',
      });
      const answer = await scene.ledger.observe({
        namespace: 'default',
        model: 'fraud',
        canary: 'v2',
        asOfMs: at(2),
      });
      assert.equal(answer.kind, 'unknown-version');
    });

    it('sweeps out what is older than the settings say', async () => {
      const scene = new Scene(await open({ keepCountsMs: day, keepVerdictsMs: 2 * day }));
      await scene.serve([
        { version: 'v2', minute: 0, id: 'a', prediction: 0.5 },
        { version: 'v2', minute: 2000, id: 'b', prediction: 0.5 },
      ]);
      await scene.outcomes([{ id: 'nobody', minute: 0, value: 1 }]);
      await scene.verdict({ id: 'old' }, noonMs);
      await scene.verdict({ id: 'new' }, noonMs + day);
      const kept = await scene.ledger.sweep(noonMs);
      assert.deepEqual(Object.values(kept), [0, 0, 0, 0, 0, 0]);
      const swept = await scene.ledger.sweep(at(2000) + 12 * 60 * 60_000);
      assert.equal(swept.minutes, 1);
      assert.equal(swept.verdicts, 0);
      const much = await scene.ledger.sweep(noonMs + 7 * day);
      assert.equal(much.predictionIds, 2);
      assert.equal(much.pendingOutcomes, 1);
      assert.equal(much.verdicts, 2);
      assert.equal(much.minutes, 1);
    });

    it('takes new settings for whatever is asked from then on', async () => {
      const { ledger } = new Scene(await open());
      const scene = new Scene(ledger);
      await scene.serve([{ version: 'v2', minute: 0, count: 2 }]);
      await scene.outcomes([{ version: 'v2', minute: 0, value: 1 }]);
      const counted = async () => (await scene.observe(2)).looks[0]?.canary?.outcomes.get('default')?.count;
      assert.equal(await counted(), 1);
      ledger.configure({ ...ledger.settings, denominator: () => 'predictions', settleMs: 5 * 60_000 });
      assert.deepEqual((await scene.observe(2)).looks, []);
      ledger.configure({ ...ledger.settings, settleMs: 0 });
      assert.equal(await counted(), 2);
    });

    it('says that it answers, and how large it is', async () => {
      const { ledger } = new Scene(await open());
      assert.deepEqual(ledger.status(), { available: true });
      assert.ok((await ledger.size()) > 4096);
      // What the ledger itself refuses says nothing about the database.
      await assert.rejects(ledger.history.list({ limit: 1, cursor: 'none' }), { code: 'invalid-input' });
      assert.deepEqual(ledger.status(), { available: true });
    });

    it('finds nothing under names that nothing can be stored under', async () => {
      const { ledger } = new Scene(await open());
      await new Scene(ledger).serve([{ version: 'v2', minute: 0 }]);
      const query = { namespace: 'default', model: 'fraud', canary: 'v2', asOfMs: at(2) };
      assert.equal((await ledger.observe({ ...query, model: 'fr\0aud' })).kind, 'unknown-model');
      assert.equal((await ledger.observe({ ...query, canary: '\0' })).kind, 'unknown-version');
      assert.equal(await ledger.changeMarker('\0', 'fraud'), '0');
      assert.deepEqual((await ledger.history.list({ limit: 1, model: '\0' })).records, []);
      assert.equal(await ledger.history.find('\0'), undefined);
    });

    it('answers a ping until it is closed, then says that it is closed', async () => {
      const scene = new Scene(await open());
      await scene.ledger.ping();
      await scene.ledger.close();
      await scene.ledger.close();
      await assert.rejects(scene.ledger.ping(), { code: 'unavailable', message: 'the ledger is closed' });
      const answer = await scene.ledger.observe({
        namespace: 'default',
        model: 'fraud',
        canary: 'v2',
        asOfMs: at(2),
      });
      assert.deepEqual(answer, { kind: 'unavailable', reason: 'the ledger is closed' });
    });

    it('answers a cancelled request without reading', async () => {
      const { ledger } = new Scene(await open());
      const cancelled = new AbortController();
      cancelled.abort();
      const query = { namespace: 'default', model: 'fraud', canary: 'v2', asOfMs: at(2) };
      assert.equal((await ledger.observe(query, cancelled.signal)).kind, 'unavailable');
    });
  });
}

function sum(counts: readonly number[] | undefined): number {
  return (counts ?? []).reduce((total, count) => total + count, 0);
}
