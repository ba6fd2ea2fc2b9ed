import fc from 'fast-check';
import {
  CountBatch,
  minuteMs,
  type OutcomeEvent,
  type PredictionValue,
  type ServedRequest,
} from '../../../src/sources/index.js';
import { seriesOf } from './read-exposition.js';
import { noonMs } from './scene.js';

/** Events as they are told to a batch, and what the page has to show of them, counted one by one. */

export type CountedEvent =
  | { readonly kind: 'request'; readonly request: ServedRequest }
  | { readonly kind: 'outcome'; readonly event: OutcomeEvent & { readonly version: string } };

/** Bounds in milliseconds of the buckets of {@link plainSettings}, and those of scores. */
const [latencyBounds, scoreBounds] = [
  [100, 200, 500],
  [0, 0.5, 1],
];

const target = fc.record({
  namespace: fc.constantFrom('ml', 'shop "x"'),
  model: fc.constantFrom('m', 'a\\b'),
  version: fc.constantFrom('v1', 'v2', 'v3'),
  atMs: fc.integer({ min: -3, max: 3 }).map((minute) => noonMs + minute * minuteMs),
});
const scores = fc.constantFrom(-3, -0.5, 0, 0.25, 0.5, 0.75, 1, 1.5, 700);
const request = fc
  .record({
    target,
    failed: fc.boolean(),
    latencyMs: fc.option(fc.constantFrom(0, 50, 100, 101, 200, 499, 500, 30_001), { nil: undefined }),
    score: fc.option(scores, { nil: undefined }),
    label: fc.option(fc.constantFrom('a', 'b', 'other'), { nil: undefined }),
  })
  .map(({ target: of, failed, latencyMs, score, label }): CountedEvent => {
    const predictions = new Map<string, PredictionValue>([
      ...(score === undefined ? [] : [['default', score] as const]),
      ...(label === undefined ? [] : [['class', label] as const]),
    ]);
    const time = latencyMs === undefined ? {} : { latencyMs };
    return { kind: 'request', request: { ...of, failed, ...time, predictions } };
  });
// Halves and quarters: their sums are exact in whichever order.
const outcome = fc
  .record({ target, name: fc.constantFrom('hit', 'revenue'), value: fc.integer({ min: -40, max: 40 }) })
  .map(({ target: of, name, value }): CountedEvent => ({
    kind: 'outcome',
    event: { ...of, name, value: value / 4 },
  }));

/** Batches of events. */
export const someBatches = fc.array(fc.array(fc.oneof(request, outcome), { maxLength: 30 }), {
  minLength: 1,
  maxLength: 6,
});

export function batchOf(events: readonly CountedEvent[]): CountBatch {
  const batch = new CountBatch();
  for (const event of events) {
    if (event.kind === 'request') batch.addRequest(event.request);
    else batch.addOutcome(event.event);
  }
  return batch;
}

/** All series of all versions that the events make. */
export function expectedValues(events: readonly CountedEvent[]): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  const add = (name: string, labels: Readonly<Record<string, string | number>>, more: number): void => {
    const series = seriesOf(`ml_verdict_ingested_${name}`, labels);
    values.set(series, (values.get(series) ?? 0) + more);
  };
  const observe = (
    name: string,
    labels: Readonly<Record<string, string>>,
    value: number,
    bounds: readonly number[],
    unit = 1,
  ): void => {
    for (const bound of [...bounds, Infinity]) {
      const le = bound === Infinity ? '+Inf' : bound / unit;
      add(`${name}_bucket`, { ...labels, le }, value <= bound ? 1 : 0);
    }
    add(`${name}_count`, labels, 1);
  };
  for (const counted of events) {
    const { namespace, model, version } = counted.kind === 'request' ? counted.request : counted.event;
    const labels = { namespace, model, version };
    add('requests_total', labels, 0);
    add('errors_total', labels, 0);
    if (counted.kind === 'outcome') {
      const { name, value } = counted.event;
      const own = { ...labels, outcome: name };
      add('outcomes_total', own, 1);
      add('outcome_sum_total', { ...own, sign: '+' }, Math.max(value, 0));
      add('outcome_sum_total', { ...own, sign: '-' }, Math.max(-value, 0));
      add('outcome_squares_total', own, value * value);
      continue;
    }
    const { failed, latencyMs, predictions } = counted.request;
    add('requests_total', labels, 1);
    if (failed) add('errors_total', labels, 1);
    if (latencyMs !== undefined) {
      observe('latency_seconds', labels, latencyMs, latencyBounds, 1000);
      add('latency_seconds_sum', labels, latencyMs / 1000);
    }
    for (const [output, value] of failed ? [] : predictions) {
      const own = { ...labels, output };
      if (typeof value === 'string') add('labels_total', { ...own, label: value }, 1);
      else observe('scores', own, value, scoreBounds);
    }
  }
  return values;
}
