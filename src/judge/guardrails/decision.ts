import type { PredictionCounts } from '../../domain/observations.js';
import { trimNumber } from '../../domain/units.js';
import { sum } from '../../statistics/sums.js';
import type { Timeline } from '../timeline.js';

/** How the predictions that are "the decision" are counted. */
export interface Decision {
  /** `scores above 0.8`, `"fraud"`. */
  readonly name: string;
  /** How many of a look's predictions are the decision. */
  count(predictions: PredictionCounts): number;
  /** The histogram edge that stands for the cut. */
  readonly edge?: number;
  /** True where no edge lies near the cut, or the predictions are of the other sort: nothing is counted then. */
  readonly tooCoarse: boolean;
  readonly note?: string;
}

interface DecisionSettings {
  readonly above?: number;
  readonly label?: string;
  readonly output: string;
}

/** An edge this close to the cut, relatively, stands for it: what a logarithmic grid of 2 % allows. */
const nearEnough = 0.0202;

/** Finds how a decision is to be counted in the histograms of a timeline; both arms are counted alike. */
export function findDecision(timeline: Timeline, settings: DecisionSettings): Decision {
  const histograms = timeline.looks
    .flatMap((look) => [look.stable, look.canary])
    .flatMap((arm) => arm?.predictions.get(settings.output) ?? []);
  const [shape] = histograms;
  if (settings.above !== undefined) return cutDecision(settings.above, shape);
  const others = histograms.some(({ counts }) => (counts.at(-1) ?? 0) > 0);
  return labelDecision(settings.label ?? '', shape, others);
}

const nothing = { count: () => 0, tooCoarse: true };

function labelDecision(label: string, shape: PredictionCounts | undefined, others: boolean): Decision {
  const name = `"${label}"`;
  if (shape?.kind === 'scores') {
    return { name, ...nothing, note: 'the predictions are scores, not labels: give above instead of label' };
  }
  const listed = shape?.labels.includes(label) === true;
  if (!listed && others) {
    return {
      name,
      ...nothing,
      note: `${name} is none of the counted labels, so it is lost among the others`,
    };
  }
  return {
    name,
    tooCoarse: false,
    count: (predictions) => {
      const index = predictions.kind === 'labels' ? predictions.labels.indexOf(label) : -1;
      return index < 0 ? 0 : (predictions.counts[index] ?? 0);
    },
    ...(listed ? {} : { note: `${name} is none of the counted labels` }),
  };
}

function cutDecision(cut: number, shape: PredictionCounts | undefined): Decision {
  const name = `scores above ${trimNumber(cut, 6)}`;
  if (shape?.kind === 'labels') {
    return { name, ...nothing, note: 'the predictions are labels, not scores: give label instead of above' };
  }
  const edge = nearestEdge(shape?.edges ?? [], cut);
  if (edge === undefined || Math.abs(edge - cut) > nearEnough * scaleOf(cut) + 1e-12) {
    return { name, ...nothing, note: `add a histogram edge at ${trimNumber(cut, 6)}` };
  }
  return {
    name,
    edge,
    tooCoarse: false,
    count: (predictions) => {
      const index = predictions.kind === 'scores' ? predictions.edges.indexOf(edge) : -1;
      return index < 0 ? 0 : sum(predictions.counts.slice(index + 1));
    },
    ...(Math.abs(edge - cut) <= 1e-9 * Math.abs(cut)
      ? {}
      : { note: `counted above ${trimNumber(edge, 6)}, the nearest histogram edge` }),
  };
}

/** What an edge's distance is relative to: of a probability the lesser of the two shares that it parts. */
function scaleOf(cut: number): number {
  return cut > 0 && cut < 1 ? Math.min(cut, 1 - cut) : Math.abs(cut);
}

function nearestEdge(edges: readonly number[], cut: number): number | undefined {
  let nearest: number | undefined;
  for (const edge of edges) {
    if (nearest === undefined || Math.abs(edge - cut) < Math.abs(nearest - cut)) nearest = edge;
  }
  return nearest;
}
