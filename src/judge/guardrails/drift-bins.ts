import type { ArmCounts, PredictionCounts } from '../../domain/observations.js';
import { formatPercent } from '../../domain/units.js';
import { mergeCounts, mergedBinEnds } from '../../statistics/merge-bins.js';
import { addInto, sum } from '../../statistics/sums.js';
import type { Timeline } from '../timeline.js';

/** How the fine bins of a prediction output are merged into those that are judged; frozen before the canary. */
export interface DriftBins {
  /** What each judged bin is called: `(0.2, 0.5]`, a label, `other`. */
  readonly names: readonly string[];
  /** Edges between the judged bins, one fewer than there are bins; absent for labels. */
  readonly edges?: readonly number[];
  /** Fine counts of one arm in one look; they may be summed over looks before they are merged. */
  fine(arm: ArmCounts | undefined): readonly number[] | undefined;
  /** Said where the bins hide a large part of the predictions. */
  readonly note?: string;
  /** Counts of the judged bins from fine ones. */
  merge(fine: readonly number[]): readonly number[];
}

/** A larger share of the baseline than this in `other` is told. */
const largestOther = 0.5;

/** How many stable predictions per bin freeze the bins. */
const predictionsPerBin = 50;

/**
 * Chooses the judged bins. At most `bins` of them are used as they are; more are merged on the stable version's
 * counts only: those before the canary where they suffice, else those of the first looks that do, else all. Bins
 * chosen from canary data would break every guarantee.
 *
 * @returns undefined where no arm ever has this output
 */
export function chooseBins(timeline: Timeline, output: string, bins: number): DriftBins | undefined {
  const shape = findShape(timeline, output);
  if (shape === undefined) return undefined;
  const reference = referenceCounts(timeline, output, bins);
  const fine = (arm: ArmCounts | undefined) => arm?.predictions.get(output)?.counts;
  if (shape.counts.length <= bins) {
    const merge = (counts: readonly number[]) => counts;
    return shape.kind === 'scores'
      ? { names: scoreIntervals(shape.edges), edges: shape.edges, fine, merge }
      : { names: [...shape.labels, 'other'], fine, merge };
  }
  return shape.kind === 'scores'
    ? { fine, ...mergedScores(shape.edges, reference, bins) }
    : { fine, ...mergedLabels(shape.labels, reference, bins) };
}

function mergedScores(
  edges: readonly number[],
  reference: readonly number[],
  bins: number,
): Omit<DriftBins, 'fine'> {
  const ends = mergedBinEnds(reference, bins);
  const judgedEdges = ends.slice(0, -1).map((end) => edges[end] ?? Infinity);
  return {
    names: scoreIntervals(judgedEdges),
    edges: judgedEdges,
    merge: (counts) => mergeCounts(counts, ends),
  };
}

/** The labels with the most reference counts stay, in the order of the file; the rest joins `other`. */
function mergedLabels(
  labels: readonly string[],
  reference: readonly number[],
  bins: number,
): Omit<DriftBins, 'fine'> {
  const kept = keptLabels(reference, labels, bins);
  const shown = sum(kept.map((index) => reference[index] ?? 0));
  const hidden = 1 - shown / sum(reference);
  return {
    ...(hidden > largestOther
      ? {
          note: `${formatPercent(hidden, 2)} of the baseline are other labels, among which nothing is seen: raise bins`,
        }
      : {}),
    names: [...kept.map((index) => labels[index] ?? ''), 'other'],
    merge: (counts) => {
      const own = kept.map((index) => counts[index] ?? 0);
      return [...own, Math.max(0, sum(counts) - sum(own))];
    },
  };
}

/** Indexes of the labels that stay: those with the most counts, ties and the result in the order of the labels. */
export function keptLabels(
  counts: readonly number[],
  labels: readonly string[],
  bins: number,
): readonly number[] {
  return labels
    .map((_, index) => index)
    .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
    .slice(0, bins - 1)
    .sort((a, b) => a - b);
}

/** The first histogram of an output: all others have the same bins. */
export function findShape(timeline: Timeline, output: string): PredictionCounts | undefined {
  for (const look of timeline.looks) {
    const counts = look.stable?.predictions.get(output) ?? look.canary?.predictions.get(output);
    if (counts !== undefined) return counts;
  }
  return undefined;
}

function referenceCounts(timeline: Timeline, output: string, bins: number): readonly number[] {
  const needed = predictionsPerBin * bins;
  const before: number[] = [];
  for (const look of timeline.before) addInto(before, look.stable.predictions.get(output)?.counts ?? []);
  if (sum(before) >= needed) return before;
  const first: number[] = [];
  for (const look of timeline.looks) {
    addInto(first, look.stable?.predictions.get(output)?.counts ?? []);
    if (sum(first) >= needed) break;
  }
  return first;
}

/** Bins between edges, open at both ends: `(-inf, 0.2]`, `(0.2, 0.5]`, `(0.5, inf)`. */
export function scoreIntervals(edges: readonly number[]): readonly string[] {
  const names: string[] = [];
  for (let i = 0; i <= edges.length; i++) {
    const lower = i === 0 ? '-inf' : String(edges[i - 1]);
    const upper = i === edges.length ? 'inf)' : `${edges[i]}]`;
    names.push(`(${lower}, ${upper}`);
  }
  return names;
}
