import { defaultSeries } from '../../../domain/observations.js';
import type {
  ArmCounts,
  LatencyCounts,
  OutcomeTotals,
  PredictionCounts,
} from '../../../domain/observations.js';
import { binCounts, commonBounds, nativeBounds, type CommonBounds } from '../counting/bucket-bounds.js';
import { outcomeChannel, predictionChannel } from '../counting/channel.js';
import type { CountedArm, CountedLook } from '../counting/counted-look.js';
import type { SeriesIdentity } from '../counting/sampled-series.js';
import type { ModelSignals, OutcomeSignal } from '../signals/signal.js';
import { milliseconds } from '../signals/time-units.js';
import { errorsOf } from './errors-of.js';

/** How many classes are told apart; all further ones are counted together. */
const mostLabels = 200;

/** What the counts of a prediction output are counts of. */
type PredictionShape =
  | { readonly kind: 'scores'; readonly edges: readonly number[] }
  | { readonly kind: 'labels'; readonly labels: readonly string[] };

/** Turns counted looks into the arms of observations, all of which share their bounds and labels. */
export class ArmReader {
  readonly #signals: ModelSignals;
  readonly #denominator: 'outcomes' | 'predictions';
  readonly #latency: { readonly usable: readonly number[]; readonly boundsMs: readonly number[] } | undefined;
  readonly #predictions: ReadonlyMap<string, PredictionShape>;
  readonly #errors: ReadonlyMap<CountedArm, number>;
  /** What of the signals could not be used as it is, and why. */
  readonly problems = new Map<string, string>();

  /** `series`: those that were counted in the looks. */
  constructor(
    signals: ModelSignals,
    looks: readonly CountedLook[],
    series: readonly SeriesIdentity[],
    denominator: 'outcomes' | 'predictions',
  ) {
    this.#signals = signals;
    this.#denominator = denominator;
    this.#latency = this.#latencyBounds(looks, series);
    const predictions = new Map<string, PredictionShape>();
    for (const [name, signal] of Object.entries(signals.predictions)) {
      const channel = predictionChannel(name);
      if (signal.kind === 'labels') {
        predictions.set(name, { kind: 'labels', labels: labelsOf(channel, looks) });
        continue;
      }
      const bounds = this.#boundsOf(channel, signal.form, looks, series);
      this.#tellDifference(`predictions.${name}`, bounds);
      predictions.set(name, { kind: 'scores', edges: bounds.bounds });
    }
    this.#predictions = predictions;
    this.#errors = errorsOf(looks);
  }

  arm(counted: CountedArm): ArmCounts {
    const requests = difference(counted, 'requests', 'requests-less');
    const errors = Math.min(requests, this.#errors.get(counted) ?? 0);
    const latency = this.#latencyOf(counted);
    const predictions = new Map<string, PredictionCounts>();
    for (const [name, shape] of this.#predictions) {
      const channel = predictionChannel(name);
      if (!counted.has(channel)) continue;
      const counts = predictionOf(counted, channel, shape);
      if (counts !== undefined) predictions.set(name, counts);
    }
    const outcomes = new Map<string, OutcomeTotals>();
    for (const [name, signal] of Object.entries(this.#signals.outcomes)) {
      const totals = this.#totalsOf(counted, name, signal, requests - errors);
      if (totals !== undefined) outcomes.set(name, totals);
    }
    return { requests, errors, ...(latency === undefined ? {} : { latency }), predictions, outcomes };
  }

  #latencyBounds(looks: readonly CountedLook[], series: readonly SeriesIdentity[]) {
    const { latency } = this.#signals;
    if (latency?.kind !== 'buckets') return undefined;
    const bounds = this.#boundsOf('latency', latency.form, looks, series);
    const usable = bounds.bounds.filter((bound) => bound > 0);
    if (usable.length === 0) {
      if (looks.some(({ arms }) => arms.canary.has('latency') || arms.stable.has('latency'))) {
        this.problems.set('latency', 'the histograms have no bucket bound in common');
      }
      return undefined;
    }
    this.#tellDifference('latency', bounds);
    return { usable, boundsMs: usable.map((bound) => milliseconds(bound, latency.unit)) };
  }

  #boundsOf(
    channel: string,
    form: 'classic' | 'native',
    looks: readonly CountedLook[],
    series: readonly SeriesIdentity[],
  ): CommonBounds {
    return form === 'native' ? nativeBounds(channel, looks) : commonBounds(channel, series);
  }

  #tellDifference(signal: string, { differ, bounds }: CommonBounds): void {
    if (!differ) return;
    this.problems.set(
      signal,
      `the histograms have different bucket bounds; the ${bounds.length} that all of them have are used`,
    );
  }

  #latencyOf(counted: CountedArm): LatencyCounts | undefined {
    if (this.#latency === undefined || !counted.has('latency')) return undefined;
    const { usable, boundsMs } = this.#latency;
    return { boundsMs, counts: binCounts(counted, 'latency', usable) };
  }

  #totalsOf(
    counted: CountedArm,
    name: string,
    signal: OutcomeSignal,
    served: number,
  ): OutcomeTotals | undefined {
    const arrived = counted.total(outcomeChannel(name, 'count'));
    const sum = counted.total(outcomeChannel(name, 'sum')) - counted.total(outcomeChannel(name, 'sum-less'));
    const isYesOrNo = signal.sumOfSquares === undefined;
    if (isYesOrNo && (sum < 0 || sum > arrived)) {
      this.problems.set(
        `outcomes.${name}`,
        'its sum is no number of yes among its outcomes, and no sumOfSquares is there: it is left out',
      );
      return undefined;
    }
    const squares = isYesOrNo ? sum : counted.total(outcomeChannel(name, 'squares'));
    const count = this.#denominator === 'predictions' ? Math.max(arrived, served) : arrived;
    if (count === 0) return { count: 0, sum: 0, sumOfSquares: 0 };
    // Counters are read one after the other: a sum may be ahead of its squares by an outcome.
    return { count, sum, sumOfSquares: Math.max(squares, arrived > 0 ? (sum * sum) / arrived : 0) };
  }
}

/** A count less what is taken away from it: what was begun and not yet finished is not negative. */
function difference(counted: CountedArm, plus: string, less: string): number {
  return Math.max(0, counted.total(plus) - counted.total(less));
}

function predictionOf(
  counted: CountedArm,
  channel: string,
  shape: PredictionShape,
): PredictionCounts | undefined {
  if (shape.kind === 'scores') {
    if (shape.edges.length === 0) return undefined;
    return { kind: 'scores', edges: shape.edges, counts: binCounts(counted, channel, shape.edges) };
  }
  const cells = counted.cells(channel);
  const counts = shape.labels.map((label) => cells.get(label) ?? 0);
  const listed = counts.reduce((total, count) => total + count, 0);
  const others = Math.max(0, counted.total(channel) - listed);
  return { kind: 'labels', labels: shape.labels, counts: [...counts, others] };
}

/** The classes of all looks; where there are too many, the most frequent ones. */
function labelsOf(channel: string, looks: readonly CountedLook[]): readonly string[] {
  const totals = new Map<string, number>();
  for (const { arms } of looks) {
    for (const arm of [arms.canary, arms.stable]) {
      for (const [label, count] of arm.cells(channel)) {
        // Without a name: whoever counts has put all further ones together.
        if (label !== '') totals.set(label, (totals.get(label) ?? 0) + count);
      }
    }
  }
  const frequent = [...totals].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  const labels = frequent.slice(0, mostLabels).map(([label]) => label);
  // The format wants at least one label.
  return labels.length === 0 ? [defaultSeries] : labels.sort();
}
