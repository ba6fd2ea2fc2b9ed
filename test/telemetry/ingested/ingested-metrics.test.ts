import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { CountBatch, minuteMs, type PredictionValue } from '../../../src/sources/index.js';
import { batchOf, expectedValues, someBatches } from './counted-events.js';
import { noonMs, Scene } from './scene.js';

/** A batch of one version's requests: each with a prediction, or none, and a time, or none. */
function requests(
  version: string,
  predictions: readonly (PredictionValue | undefined)[],
  { latencyMs, model = 'm' }: { readonly latencyMs?: number; readonly model?: string } = {},
): CountBatch {
  const batch = new CountBatch();
  for (const prediction of predictions) {
    batch.addRequest({
      namespace: 'ml',
      model,
      version,
      atMs: noonMs,
      failed: false,
      ...(latencyMs === undefined ? {} : { latencyMs }),
      predictions: new Map(prediction === undefined ? [] : [['default', prediction]]),
    });
  }
  return batch;
}

const [plain, timed] = [2, 2 + 6];

describe('metrics of what is ingested', () => {
  it('show exactly what was counted, whichever batches it came in', async () => {
    await fc.assert(
      fc.asyncProperty(someBatches, async (batches) => {
        const scene = new Scene();
        for (const events of batches) await scene.count(batchOf(events));
        const { values, types } = await scene.page();
        const expected = expectedValues(batches.flat());
        for (const [series, value] of expected) {
          const shown = values.get(series);
          // Only the seconds are no exact numbers.
          if (series.includes('_seconds_sum')) assert.ok(Math.abs((shown ?? NaN) - value) < 1e-9, series);
          else assert.equal(shown, value, series);
        }
        assert.equal(values.size, expected.size + 1, 'and nothing else but what was dropped');
        assert.equal(types.size, 9);
        assert.equal(await scene.dropped(), 0);
      }),
      { numRuns: 60 },
    );
  });

  it('never go down', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 2, maxLength: 40 }),
        async (outcomes) => {
          const scene = new Scene();
          let before = [0, 0, 0];
          for (const value of outcomes) {
            const batch = new CountBatch();
            const of = { namespace: 'ml', model: 'm', version: 'v1', name: 'o', atMs: noonMs };
            batch.addOutcome({ ...of, value });
            batch.addOutcome({ ...of, value: -value / 3 });
            await scene.count(batch);
            const now = await Promise.all(
              (['+', '-'] as const)
                .map((sign) => scene.value('outcome_sum_total', 'v1', { outcome: 'o', sign }))
                .concat(scene.value('outcome_squares_total', 'v1', { outcome: 'o' })),
            );
            for (const [index, value_] of now.entries()) assert.ok((value_ ?? NaN) >= (before[index] ?? 0));
            before = now.map((value_) => value_ ?? NaN);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('count the outcomes that a batch has joined, beside those in it', async () => {
    const scene = new Scene();
    const batch = new CountBatch();
    const of = { namespace: 'ml', model: 'm', version: 'v1', name: 'o', atMs: noonMs };
    batch.addOutcome({ ...of, value: -1 });
    const sum = { count: 3, sum: 1, sumOfSquares: 9, positiveSum: 3, negativeSum: 2 };
    await scene.count(batch, [{ namespace: 'ml', model: 'm', version: 'v1', outcome: 'o', sum }]);
    assert.equal(await scene.value('outcomes_total', 'v1', { outcome: 'o' }), 4);
    assert.equal(await scene.value('outcome_sum_total', 'v1', { outcome: 'o', sign: '+' }), 3);
    assert.equal(await scene.value('outcome_sum_total', 'v1', { outcome: 'o', sign: '-' }), 3);
    assert.equal(await scene.value('outcome_squares_total', 'v1', { outcome: 'o' }), 10);
    assert.equal(await scene.value('requests_total', 'v1'), 0);
  });

  it('are not there while they are off, and go on where they were', async () => {
    const scene = new Scene({ enabled: false });
    assert.equal(scene.metrics.isListening, false);
    assert.equal((await scene.page()).types.size, 0);
    scene.configure({ enabled: true });
    assert.equal(scene.metrics.isListening, true);
    await scene.count(requests('v1', [0.2, 0.7]));
    scene.configure({ enabled: false });
    assert.equal((await scene.page()).types.size, 0);
    scene.configure({ enabled: true });
    await scene.count(requests('v1', [0.2]));
    assert.equal(await scene.value('requests_total', 'v1'), 3);
  });

  it('have errors from the first request on', async () => {
    const scene = new Scene();
    await scene.count(requests('v1', [undefined]));
    assert.equal(await scene.value('errors_total', 'v1'), 0);
  });

  it('tell the same labels apart for all versions, and never mistake one for the others', async () => {
    const scene = new Scene();
    await scene.count(requests('v1', ['a', 'b', 'other']));
    await scene.count(requests('v2', ['c', 'other', 'd', 'a', 'd']));
    await scene.count(requests('v1', ['d', 'b']));
    const label = (version: string, text: string) =>
      scene.value('labels_total', version, { output: 'default', label: text });
    assert.deepEqual(await Promise.all(['a', 'b', 'other', 'c', 'd', ''].map((text) => label('v1', text))), [
      1,
      2,
      1,
      undefined,
      undefined,
      1,
    ]);
    assert.deepEqual(await Promise.all(['a', 'b', 'other', 'c', 'd', ''].map((text) => label('v2', text))), [
      1,
      undefined,
      1,
      undefined,
      undefined,
      3,
    ]);
  });

  it('add what the ledger itself does not tell apart to the others', async () => {
    const scene = new Scene();
    const batch = new CountBatch();
    batch.limitLabels('ml', 'm', 'default', new Set(['a']));
    const of = { namespace: 'ml', model: 'm', version: 'v1', atMs: noonMs };
    batch.addPredictions(of, 'default', ['a', 'b', 'c']);
    await scene.count(batch);
    assert.equal(await scene.value('labels_total', 'v1', { output: 'default', label: '' }), 2);
  });

  describe('bound their series', () => {
    it('by leaving out a version that does not fit as a whole, which is told once', async () => {
      const scene = new Scene({ maxSeries: 2 * timed });
      await scene.count(requests('v1', [undefined], { latencyMs: 1 }));
      await scene.count(requests('v2', [undefined], { latencyMs: 1 }));
      for (const version of ['v3', 'v4', 'v3']) {
        await scene.count(requests(version, [undefined, undefined], { latencyMs: 1 }));
      }
      assert.deepEqual(await scene.series(), { v1: timed, v2: timed });
      assert.equal(await scene.dropped(), 6);
      assert.deepEqual(
        scene.logged.map(({ version, maxSeries }) => ({ version, maxSeries })),
        [{ version: 'v3', maxSeries: 2 * timed }],
      );
      // Those that are in go on.
      await scene.count(requests('v2', [undefined], { latencyMs: 1 }));
      assert.equal(await scene.value('requests_total', 'v2'), 2);
    });

    it('also of one that fitted at first, which is not let in again before there is room for all of it', async () => {
      const scene = new Scene({ maxSeries: timed + plain });
      await scene.count(requests('v1', [undefined], { latencyMs: 1 }));
      await scene.count(requests('v2', [undefined], { model: 'small' }));
      assert.deepEqual(await scene.series(), { v1: timed, v2: plain });
      await scene.count(requests('v2', [undefined], { model: 'small', latencyMs: 1 }));
      await scene.count(requests('v2', [undefined], { model: 'small' }));
      assert.deepEqual(await scene.series(), { v1: timed });
      assert.equal(await scene.dropped(), 2);
      // Later v1 is gone, and it begins anew with all that it has.
      scene.nowMs += 61 * minuteMs;
      await scene.count(requests('v2', [undefined], { model: 'small', latencyMs: 1 }));
      assert.deepEqual(await scene.series(), { v2: timed });
    });

    it('for whatever comes', async () => {
      const maxSeries = 60;
      await fc.assert(
        fc.asyncProperty(someBatches, async (batches) => {
          const [scene, unbounded] = [new Scene({ maxSeries }), new Scene()];
          for (const events of batches) {
            await scene.count(batchOf(events));
            await unbounded.count(batchOf(events));
            const { values } = await scene.page();
            assert.ok(values.size - 1 <= maxSeries, String(values.size));
          }
          const [page, all] = await Promise.all([scene.page(), unbounded.page()]);
          const isIn = (page.values.size === all.values.size) === ((await scene.dropped()) === 0);
          assert.ok(isIn, 'something is missing if and only if it is told');
        }),
        { numRuns: 60 },
      );
    });

    it('by what is left when fewer are wanted', async () => {
      const scene = new Scene();
      for (const version of ['v1', 'v2', 'v3']) {
        await scene.count(requests(version, [undefined], { latencyMs: 1 }));
        scene.nowMs += 1000;
      }
      scene.configure({ maxSeries: 2 * timed });
      assert.deepEqual(await scene.series(), { v2: timed, v3: timed });
    });
  });

  it('forget a version of which nothing comes any more', async () => {
    const scene = new Scene();
    await scene.count(requests('v1', [0.3]));
    scene.nowMs += 40 * minuteMs;
    await scene.count(requests('v2', [0.3]));
    scene.nowMs += 40 * minuteMs;
    assert.deepEqual(Object.keys(await scene.series()), ['v2']);
    await scene.count(requests('v1', [0.3]));
    assert.equal(await scene.value('requests_total', 'v1'), 1);
  });

  it('count those models only that are wanted', async () => {
    const scene = new Scene({ isWanted: (namespace, model) => `${namespace}/${model}` === 'ml/m' });
    const sum = { count: 1, sum: 1, sumOfSquares: 1, positiveSum: 1, negativeSum: 0 };
    await scene.count(requests('v9', [0.3], { model: 'n' }), [
      { namespace: 'ml', model: 'n', version: 'v9', outcome: 'o', sum },
    ]);
    await scene.count(requests('v1', [0.3]));
    assert.deepEqual(Object.keys(await scene.series()), ['v1']);
    assert.equal(await scene.dropped(), 0);
    scene.configure({ isWanted: () => false });
    assert.deepEqual(await scene.series(), {});
  });

  it('begin a histogram at zero where its buckets change, and only that', async () => {
    const scene = new Scene();
    await scene.count(requests('v1', [0.3], { latencyMs: 50 }));
    scene.configure({ latencyBuckets: [0.1, 0.2, 0.5], scoreBuckets: () => [0.25, 0.5] });
    assert.equal(await scene.value('latency_seconds_count', 'v1'), 1);
    assert.equal(await scene.value('scores_count', 'v1', { output: 'default' }), 0);
    assert.equal(await scene.value('scores_bucket', 'v1', { output: 'default', le: 0.25 }), 0);
    scene.configure({ latencyBuckets: [0.05, 0.1] });
    assert.equal(await scene.value('latency_seconds_count', 'v1'), 0);
    assert.equal(await scene.value('latency_seconds_sum', 'v1'), 0);
    await scene.count(requests('v1', [0.3], { latencyMs: 50 }));
    assert.equal(await scene.value('latency_seconds_bucket', 'v1', { le: 0.05 }), 1);
    assert.equal(await scene.value('scores_bucket', 'v1', { output: 'default', le: 0.5 }), 1);
    assert.equal(await scene.value('requests_total', 'v1'), 2);
  });

  it('let others have their turn while a large batch is counted', async () => {
    const scene = new Scene();
    const batch = new CountBatch();
    for (let minute = 0; minute < 1000; minute++) {
      const atMs = noonMs - minute * minuteMs;
      const of = { namespace: 'ml', model: 'm', version: 'v1', atMs, failed: false };
      batch.addRequest({ ...of, predictions: new Map() });
    }
    let turns = 0;
    let done = false;
    const counting = scene.count(batch).then(() => {
      done = true;
    });
    const isDone = (): boolean => done;
    while (!isDone()) {
      await nextTurn();
      turns++;
    }
    await counting;
    assert.ok(turns >= 8, String(turns));
    assert.equal(await scene.value('requests_total', 'v1'), 1000);
  });

  it('are no reason to fail for what is recorded', async () => {
    const scene = new Scene({
      scoreBuckets: () => {
        throw new Error('no buckets');
      },
    });
    await scene.count(requests('v1', [0.3]));
    assert.equal(scene.logged[0]?.['msg'], 'ingested counts are missing in the metrics');
  });

  it('have all their labels as JSON too', async () => {
    const scene = new Scene();
    await scene.count(requests('v1', [0.3]));
    const metrics = await scene.registry.getMetricsAsJSON();
    const scores = metrics.find(({ name }) => name === 'ml_verdict_ingested_scores');
    assert.deepEqual(scores?.values[0], {
      labels: { namespace: 'ml', model: 'm', version: 'v1', output: 'default', le: 0 },
      metricName: 'ml_verdict_ingested_scores_bucket',
      value: 0,
    });
    scene.registry.resetMetrics();
    assert.equal(await scene.value('requests_total', 'v1'), 1);
  });
});
