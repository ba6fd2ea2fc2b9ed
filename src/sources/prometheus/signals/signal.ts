/** What the signals of a model are in Prometheus: which series, in which unit. Plain data; presets are made of it. */

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** A label matcher. The value may have `{{model}}` and `{{namespace}}` in it. */
export interface Matcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** Counters whose values are added. */
export interface CounterSelection {
  /** Names of the metrics, one or more; `_count` and `_sum` of histograms and summaries are counters too. */
  readonly metrics: readonly string[];
  readonly where: readonly Matcher[];
}

/** A count of something: the sum of some counters, less others. */
export interface CountSignal {
  readonly plus: CounterSelection;
  /** What is taken away again, as in "begun less finished". */
  readonly minus?: CounterSelection;
}

/** Units in which metrics tell times. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

/** Request times in buckets. `metric`: the histogram's name, without `_bucket`. */
export interface LatencyBuckets {
  readonly kind: 'buckets';
  readonly metric: string;
  /** Classic: `_bucket` series with `le`; native: one series whose samples are histograms. */
  readonly form: 'classic' | 'native';
  readonly unit: TimeUnit;
  readonly where: readonly Matcher[];
}

/** Quantiles that the servers computed themselves: a summary. They cannot be added up over pods or looks. */
export interface LatencySummary {
  readonly kind: 'summary';
  /** With a label `quantile`. */
  readonly metric: string;
  readonly unit: TimeUnit;
  readonly where: readonly Matcher[];
}

export type LatencySignal = LatencyBuckets | LatencySummary;

/** Scores in buckets, or a counter with a label that is the class. */
export type PredictionSignal =
  | {
      readonly kind: 'scores';
      readonly metric: string;
      readonly form: 'classic' | 'native';
      readonly where: readonly Matcher[];
    }
  | { readonly kind: 'labels'; readonly counter: CounterSelection; readonly label: string };

/** Sums of a business outcome. For a yes/no outcome `sumOfSquares` is left out: it is `sum`. */
export interface OutcomeSignal {
  readonly count: CounterSelection;
  /** Less what is negative, where that is counted apart: a counter cannot go down. */
  readonly sum: CountSignal;
  readonly sumOfSquares?: CounterSelection;
  /** Whether an outcome is known with its request. Counters tell when it arrived, not whose it is. */
  readonly immediate: boolean;
}

/** All that is known of how a model shows in Prometheus. What is not given is not measured. */
export interface ModelSignals {
  readonly requests: CountSignal;
  readonly errors?: CountSignal;
  readonly latency?: LatencySignal;
  readonly predictions: Readonly<Record<string, PredictionSignal>>;
  readonly outcomes: Readonly<Record<string, OutcomeSignal>>;
}

/** How the series of a version are told from those of the others. */
export interface VersionSelection {
  readonly label: string;
  /** What the label is, with `{{version}}` in it once: plain text but for `*`, which is any text. Often just `{{version}}`. */
  readonly pattern: string;
}

/** When the process of a series began, in seconds since the epoch: so that the first value of a new series counts. */
export interface StartTimeSelection {
  readonly metric: string;
  /** The labels by which it belongs to a series. */
  readonly on: readonly string[];
}

/** How one model is read from one server, all of it resolved: no placeholders but `{{version}}` are left. */
export interface ModelQueries {
  /** Name of the server in the config. */
  readonly server: string;
  /** Absent: every signal was written out in the config. */
  readonly preset?: string;
  readonly signals: ModelSignals;
  readonly version: VersionSelection;
  readonly startTime: StartTimeSelection;
  /** The labels that tell one scraped target from another; the version label is always one of them. */
  readonly targetLabels: readonly string[];
  /** Labels that only tell which of several collectors has a sample: series that differ in nothing else are the same. */
  readonly replicaLabels: readonly string[];
  /** The series are sums over pods that somebody else made (recording rules). */
  readonly aggregated: boolean;
  /** How often targets are scraped, as far as the config knows. */
  readonly scrapeIntervalMs: number;
  /** What cannot be measured this way, and why, by signal. */
  readonly missing: Readonly<Record<string, string>>;
}
