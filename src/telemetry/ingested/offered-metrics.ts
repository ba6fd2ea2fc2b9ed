import { Counter, type Metric } from 'prom-client';
import { CollectedMetric, registrable, type CollectedMetricParts, type Sample } from './collected-metric.js';
import type { BucketCounts } from './bucket-counts.js';
import type { VersionCounts } from './version-counts.js';

const ofVersion = ['namespace', 'model', 'version'];

/** What each version's part of a metric is. */
interface Offered extends Omit<CollectedMetricParts, 'samples'> {
  readonly samplesOf: (version: VersionCounts) => readonly Sample[];
}

const offered: readonly Offered[] = [
  {
    name: 'ml_verdict_ingested_requests_total',
    type: 'counter',
    help: 'Requests that were ingested.',
    labelNames: ofVersion,
    samplesOf: ({ labels, requests }) => [{ labels, value: requests }],
  },
  {
    name: 'ml_verdict_ingested_errors_total',
    type: 'counter',
    help: 'Ingested requests that failed; there with 0 from the first request on.',
    labelNames: ofVersion,
    samplesOf: ({ labels, errors }) => [{ labels, value: errors }],
  },
  {
    name: 'ml_verdict_ingested_labels_total',
    type: 'counter',
    help: 'Ingested predictions that are labels; the empty label stands for all that are not told apart.',
    labelNames: [...ofVersion, 'output', 'label'],
    samplesOf: ({ predicted }) =>
      [...predicted.values()].flatMap(({ labels, counts }) =>
        Array.from(counts, ([label, value]) => ({ labels, own: { label }, value })),
      ),
  },
  {
    name: 'ml_verdict_ingested_outcomes_total',
    type: 'counter',
    help: 'Ingested outcomes, counted for their version when they arrive; those with an id and no version once their prediction is known.',
    labelNames: [...ofVersion, 'outcome'],
    samplesOf: ({ outcomes }) =>
      [...outcomes.values()].map(({ labels, counts }) => ({ labels, value: counts.count })),
  },
  {
    name: 'ml_verdict_ingested_outcome_sum_total',
    type: 'counter',
    help: 'Sum of the values of ingested outcomes: of those above zero (sign "+"), and of those below without their sign ("-"). The sum of all is the difference.',
    labelNames: [...ofVersion, 'outcome', 'sign'],
    samplesOf: ({ outcomes }) =>
      [...outcomes.values()].flatMap(({ labels, counts }) => [
        { labels, own: { sign: '+' }, value: counts.positiveSum },
        { labels, own: { sign: '-' }, value: counts.negativeSum },
      ]),
  },
  {
    name: 'ml_verdict_ingested_outcome_squares_total',
    type: 'counter',
    help: 'Sum of the squares of the values of ingested outcomes.',
    labelNames: [...ofVersion, 'outcome'],
    samplesOf: ({ outcomes }) =>
      [...outcomes.values()].map(({ labels, counts }) => ({ labels, value: counts.sumOfSquares })),
  },
  {
    name: 'ml_verdict_ingested_latency_seconds',
    type: 'histogram',
    help: 'Times of ingested requests that told theirs.',
    labelNames: ofVersion,
    samplesOf: ({ labels, latency, latencySumSeconds }) =>
      latency === undefined
        ? []
        : [...bucketSamples(labels, latency), { labels, part: '_sum', value: latencySumSeconds }],
  },
  {
    name: 'ml_verdict_ingested_scores',
    type: 'histogram',
    help: 'Ingested predictions that are numbers. Without a sum, since that of numbers below zero would go down.',
    labelNames: [...ofVersion, 'output'],
    samplesOf: ({ scores }) =>
      [...scores.values()].flatMap(({ labels, counts }) => bucketSamples(labels, counts)),
  },
];

/** The metrics of what was ingested, by name; `versions` gives those that are offered at the moment. */
export function offeredMetrics(versions: () => readonly VersionCounts[]): ReadonlyMap<string, Metric> {
  return new Map(
    offered.map(({ samplesOf, ...metric }) => {
      const samples = (): readonly Sample[] => versions().flatMap(samplesOf);
      return [metric.name, registrable(new CollectedMetric({ ...metric, samples }))];
    }),
  );
}

/** Why something is not among them. */
export type DropReason = 'max-series';

export const droppedName = 'ml_verdict_ingested_dropped_total';

/** Counts what is not among them. */
export function droppedMetric(): Counter<'reason'> {
  return new Counter({
    name: droppedName,
    help: 'Requests and outcomes that were ingested and are not in these metrics, by reason: max-series (of versions that had no room).',
    labelNames: ['reason'],
    registers: [],
  });
}

function bucketSamples(labels: VersionCounts['labels'], counts: BucketCounts): readonly Sample[] {
  const cumulative = counts.cumulative();
  const { bounds } = counts.layout;
  const buckets = cumulative.map((value, bucket): Sample => ({
    labels,
    own: { le: bounds[bucket] ?? '+Inf' },
    part: '_bucket',
    value,
  }));
  return [...buckets, { labels, part: '_count', value: cumulative.at(-1) ?? 0 }];
}
