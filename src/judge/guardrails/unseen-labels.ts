import { formatPercent } from '../../domain/units.js';
import { addInto, sum } from '../../statistics/sums.js';
import type { Timeline } from '../timeline.js';
import { findShape } from './drift-bins.js';
import type { PredictionDriftSettings } from './drift-settings.js';

/** How many unseen labels are named. */
const shownLabels = 3;

/** Labels that the canary gives and the stable version (or the fixed reference) never gave. */
export interface UnseenLabels {
  /** Their share of the canary's predictions. */
  readonly share: number;
  /** The most frequent of them. */
  readonly labels: readonly string[];
}

/** Labels of the canary that the baseline never has: the stable version in any look, or the fixed reference. */
export function unseenLabels(
  timeline: Timeline,
  settings: PredictionDriftSettings,
): UnseenLabels | undefined {
  const { output, reference } = settings;
  const shape = findShape(timeline, output);
  if (shape?.kind !== 'labels') return undefined;
  const canary: number[] = [];
  const stable: number[] = [];
  for (const look of timeline.looks) {
    if (!look.warmUp) addInto(canary, look.canary?.predictions.get(output)?.counts ?? []);
    addInto(stable, look.stable?.predictions.get(output)?.counts ?? []);
  }
  for (const look of timeline.before) addInto(stable, look.stable.predictions.get(output)?.counts ?? []);
  const fixed = reference !== 'stable' && 'labels' in reference ? reference : undefined;
  const isKnown = (label: string, index: number): boolean =>
    fixed === undefined ? (stable[index] ?? 0) > 0 : (fixed.counts[fixed.labels.indexOf(label)] ?? 0) > 0;
  const unseen = shape.labels
    .map((label, index) => ({ label, count: canary[index] ?? 0, known: isKnown(label, index) }))
    .filter(({ count, known }) => count > 0 && !known)
    .sort((a, b) => b.count - a.count);
  const total = sum(canary);
  return {
    share: total > 0 ? sum(unseen.map(({ count }) => count)) / total : 0,
    labels: unseen.slice(0, shownLabels).map(({ label }) => label),
  };
}

/** What a sentence adds of them; empty where there are none. */
export function unseenWords(unseen: UnseenLabels | undefined): string {
  if (unseen === undefined || unseen.labels.length === 0) return '';
  const [first] = unseen.labels;
  const example = first === undefined ? '' : `, such as "${first}"`;
  return `; ${formatPercent(unseen.share, 2)} of them have labels that the baseline does not have${example}`;
}
