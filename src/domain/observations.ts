/** The words of what was observed: looks of counts of two versions of a model. */

/** Name and value of the file format's `schema` member. */
export const observationsSchema = 'ml-verdict/observations/v1';

/** How many looks of the stable version alone may stand before the canary's first traffic. */
export const maximumBeforeLooks = 30;

/** The name of an outcome or prediction output that was given without a name. */
export const defaultSeries = 'default';

/**
 * A histogram of request times. `counts` has one more entry than `boundsMs`: bin i holds (bounds[i-1],
 * bounds[i]] as in Prometheus's `le`, the last one is open. Counts are per look, not cumulative.
 */
export interface LatencyCounts {
  readonly boundsMs: readonly number[];
  readonly counts: readonly number[];
}

/** A histogram of numeric predictions; bins as in {@link LatencyCounts}, the first one open below. */
export interface ScoreCounts {
  readonly kind: 'scores';
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** Counts of predicted classes; the last entry of `counts` is all labels that are not listed. */
export interface LabelCounts {
  readonly kind: 'labels';
  readonly labels: readonly string[];
  readonly counts: readonly number[];
}

export type PredictionCounts = ScoreCounts | LabelCounts;

/** A business outcome summed over its exposures. For a yes/no outcome `sumOfSquares` equals `sum`. */
export interface OutcomeTotals {
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
}

/** What one version did in one look. Counts may be fractions: some sources extrapolate. */
export interface ArmCounts {
  readonly requests: number;
  /** Failed requests, never more than `requests`; 0 where they are not measured. */
  readonly errors: number;
  /** Whether nobody knows which requests failed; the same in all arms and looks. */
  readonly errorsUnmeasured?: true;
  readonly latency?: LatencyCounts;
  /**
   * Quantiles of the request time that the servers computed themselves, in milliseconds, by quantile (0.99): of several
   * servers the largest, as they stood at the end of the look. They cannot be added up over servers or looks.
   */
  readonly quantiles?: ReadonlyMap<number, number>;
  /** Prediction outputs by name ({@link defaultSeries} where the model has one). */
  readonly predictions: ReadonlyMap<string, PredictionCounts>;
  /** Outcomes by name; an outcome that is present with count 0 is measured but has not arrived yet. */
  readonly outcomes: ReadonlyMap<string, OutcomeTotals>;
}

/** One interval of counts of both arms. Times are milliseconds since the epoch, UTC. */
export interface Look {
  readonly startMs: number;
  readonly endMs: number;
  /** The canary's configured share of the traffic, 0 to 1, where it is known. */
  readonly weight?: number;
  readonly canary?: ArmCounts;
  readonly stable?: ArmCounts;
}

/** One interval of the stable version alone, before the canary had traffic. */
export interface BeforeLook {
  readonly startMs: number;
  readonly endMs: number;
  readonly stable: ArmCounts;
}

/**
 * How requests come to the canary. `random`: each on its own. `sticky`: by user or session, so that what users are like
 * does not average out with time. `selected`: chosen ones (a header, internal users), not comparable with the others.
 */
export const routings = ['random', 'sticky', 'selected'] as const;
export type Routing = (typeof routings)[number];

/** The ordered looks since the canary started: what a verdict is made from. */
export interface Observations {
  readonly model: string;
  readonly canary: { readonly version: string; readonly weight?: number };
  readonly stable?: { readonly version: string };
  readonly looks: readonly Look[];
  readonly before: readonly BeforeLook[];
  /** The instant that the verdict is for, milliseconds since the epoch; absent: the end of the last look. */
  readonly asOfMs?: number;
  /** How often the canary version began anew before this life of it (a redeployment of the same version). */
  readonly restarts?: number;
  /** Absent: random. */
  readonly routing?: Routing;
  /**
   * Names of outcomes that the source counts in the look in which they arrive, not with the request they belong to. Absent
   * and empty: none.
   */
  readonly outcomesByArrival?: readonly string[];
}
