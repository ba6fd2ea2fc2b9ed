import {
  type ArmCounts,
  type LatencyCounts,
  type OutcomeTotals,
  type PredictionCounts,
} from '../../../domain/observations.js';
import { compareText } from '../compare-text.js';
import { latencyBoundsMs } from '../latency-grid.js';
import { otherLabels } from '../names.js';
import { scoreShape } from '../score-grid.js';
import type { SparseCounts } from '../sparse-counts.js';
import type { SeenBins, StoredMinute, StoredOutput } from './counts-reader.js';

/** Turns stored minutes into the arms of looks, all of which share their edges and labels. */
export class ArmShapes {
  readonly #outputs: readonly { readonly id: number; readonly name: string; readonly write: WriteCounts }[];
  readonly #outcomes: readonly { readonly id: number; readonly name: string }[];
  readonly #denominator: 'outcomes' | 'predictions';

  /** `seen`: the bins of every minute that will be shown, of both arms. */
  constructor(
    outputs: readonly StoredOutput[],
    outcomes: readonly { readonly id: number; readonly name: string }[],
    seen: SeenBins,
    denominator: 'outcomes' | 'predictions',
  ) {
    this.#outputs = outputs.map((output) => ({
      id: output.id,
      name: output.name,
      write: writerOf(output, seen.get(output.id) ?? new Set()),
    }));
    this.#outcomes = outcomes;
    this.#denominator = denominator;
  }

  arm(minute: StoredMinute): ArmCounts {
    const predictions = new Map<string, PredictionCounts>();
    for (const { id, name, write } of this.#outputs) {
      const counts = minute.outputs.get(id);
      if (counts !== undefined) predictions.set(name, write(counts));
    }
    const outcomes = new Map<string, OutcomeTotals>();
    // An outcome that is recorded for the model, though not for this minute yet, is measured: count 0.
    for (const { id, name } of this.#outcomes) outcomes.set(name, this.#totals(minute, id));
    return {
      requests: minute.requests,
      errors: minute.errors,
      ...(minute.latency === undefined ? {} : { latency: latencyOf(minute.latency) }),
      predictions,
      outcomes,
    };
  }

  #totals(minute: StoredMinute, id: number): OutcomeTotals {
    const { count, sum, sumOfSquares } = minute.outcomes.get(id) ?? { count: 0, sum: 0, sumOfSquares: 0 };
    const exposures =
      this.#denominator === 'predictions' ? Math.max(count, minute.requests - minute.errors) : count;
    // Sums from which something was taken away again may have lost a last digit.
    const smallest = count > 0 ? (sum * sum) / count : 0;
    return { count: exposures, sum, sumOfSquares: Math.max(sumOfSquares, smallest) };
  }
}

type WriteCounts = (counts: SparseCounts) => PredictionCounts;

function writerOf(output: StoredOutput, seen: ReadonlySet<number>): WriteCounts {
  return output.kind === 'scores' ? scoreWriter(seen) : labelWriter(output, seen);
}

function scoreWriter(seen: ReadonlySet<number>): WriteCounts {
  const shape = scoreShape(seen);
  return (bins) => {
    const counts = new Array<number>(shape.edges.length + 1).fill(0);
    for (const [bin, count] of bins) add(counts, shape.position(bin), count);
    return { kind: 'scores', edges: shape.edges, counts };
  };
}

function labelWriter(output: StoredOutput, seen: ReadonlySet<number>): WriteCounts {
  const labels = [...seen].flatMap((number) => output.labels.get(number) ?? []).sort(compareText);
  // The format wants at least one label, also where all that was seen has no number of its own.
  if (labels.length === 0) labels.push(output.labels.get(0) ?? 'other');
  const positions = new Map(labels.map((label, index) => [label, index]));
  return (bins) => {
    const counts = new Array<number>(labels.length + 1).fill(0);
    for (const [number, count] of bins) {
      const label = number === otherLabels ? undefined : output.labels.get(number);
      add(counts, (label === undefined ? undefined : positions.get(label)) ?? labels.length, count);
    }
    return { kind: 'labels', labels, counts };
  };
}

function latencyOf(bins: SparseCounts): LatencyCounts {
  const counts = new Array<number>(latencyBoundsMs.length + 1).fill(0);
  for (const [bin, count] of bins) add(counts, bin, count);
  return { boundsMs: latencyBoundsMs, counts };
}

function add(counts: number[], index: number, count: number): void {
  counts[index] = (counts[index] ?? 0) + count;
}
