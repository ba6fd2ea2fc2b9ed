import type { ArmCounts, PredictionCounts } from '../../domain/observations.js';
import { formatCount } from '../../domain/units.js';
import { mergeCounts, mergedBinEnds } from '../../statistics/merge-bins.js';
import { sum } from '../../statistics/sums.js';
import { keptLabels, scoreIntervals, type DriftBins } from './drift-bins.js';
import { assumedReferenceTotal, type ReferenceHistogram } from './drift-settings.js';

/** The judged bins of a fixed reference, with its counts on them. */
export interface ReferenceBins extends DriftBins {
  readonly reference: readonly number[];
  /** Said where the histograms share only some of their edges. */
  readonly note?: string;
}

/** Predictions per bin below which a reference is said to be small: it is taken as exact all the same. */
const predictionsPerBin = 50;

/** Said of a reference with so few predictions that its own chance shows as drift. */
export function smallReferenceNote(reference: readonly number[]): string | undefined {
  const total = sum(reference);
  return total < predictionsPerBin * reference.length
    ? `the reference has only ${formatCount(total)} predictions and is taken as exact, so some of this is its own chance`
    : undefined;
}

/**
 * Bins of a fixed reference histogram, merged to at most `bins` on its own counts. Scores are compared on the edges
 * that both histograms have; labels that the reference does not know are `other`.
 *
 * @param shape the predictions as they are counted
 * @returns undefined where they have no edge in common or too few of them, or one has scores and the other labels
 */
export function referenceBins(
  histogram: ReferenceHistogram,
  shape: PredictionCounts,
  output: string,
  bins: number,
): ReferenceBins | undefined {
  const counts = asCounts(histogram.counts);
  const fine = (arm: ArmCounts | undefined) => arm?.predictions.get(output)?.counts;
  if ('edges' in histogram) {
    return shape.kind === 'scores' ? scoreBins(histogram.edges, counts, shape.edges, bins, fine) : undefined;
  }
  return shape.kind === 'labels' ? labelBins(histogram.labels, counts, shape.labels, bins, fine) : undefined;
}

/** Shares sum to 1, up to their rounding; no histogram of counts that is worth a reference does. */
const largestShareTotal = 1.01;

/** Shares become counts of as many predictions as are assumed behind them. */
function asCounts(counts: readonly number[]): readonly number[] {
  const total = sum(counts);
  return total > largestShareTotal ? counts : counts.map((share) => (share / total) * assumedReferenceTotal);
}

function scoreBins(
  edges: readonly number[],
  counts: readonly number[],
  observed: readonly number[],
  bins: number,
  fine: DriftBins['fine'],
): ReferenceBins | undefined {
  const same = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a));
  const shared = edges.filter((edge) => observed.some((other) => same(edge, other)));
  if (shared.length === 0) return undefined;
  const endsIn = (all: readonly number[]) => [
    ...shared.map((edge) => all.findIndex((other) => same(edge, other))),
    all.length,
  ];
  const onShared = mergeCounts(counts, endsIn(edges));
  const observedEnds = endsIn(observed);
  const ends = mergedBinEnds(onShared, bins);
  // A bin or two of many hide whatever happens inside them.
  const lost = shared.length < edges.length && 2 * ends.length < Math.min(bins, counts.length);
  if (ends.length < 2 || lost) return undefined;
  return {
    names: scoreIntervals(ends.slice(0, -1).map((end) => shared[end] ?? Infinity)),
    edges: ends.slice(0, -1).map((end) => shared[end] ?? Infinity),
    fine,
    merge: (counted) => mergeCounts(mergeCounts(counted, observedEnds), ends),
    reference: mergeCounts(onShared, ends),
    ...(shared.length === edges.length
      ? {}
      : {
          note: `compared on the ${shared.length} of ${edges.length} edges that the reference and the counts share`,
        }),
  };
}

function labelBins(
  labels: readonly string[],
  counts: readonly number[],
  observed: readonly string[],
  bins: number,
  fine: DriftBins['fine'],
): ReferenceBins {
  const kept = labels.length + 1 <= bins ? labels.map((_, index) => index) : keptLabels(counts, labels, bins);
  const pick = (from: readonly string[], values: readonly number[]) => {
    const own = kept.map((index) => values[from.indexOf(labels[index] ?? '')] ?? 0);
    return [...own, Math.max(0, sum(values) - sum(own))];
  };
  return {
    names: [...kept.map((index) => labels[index] ?? ''), 'other'],
    fine,
    merge: (counted) => pick(observed, counted),
    reference: pick(labels, counts),
  };
}
