import type {
  Matcher,
  ModelSignals,
  OutcomeSignal,
  PredictionSignal,
  StartTimeSelection,
  VersionSelection,
} from '../signals/signal.js';

/** What a preset may give, and what may be missing of it. */
export type PresetSignal = keyof ModelSignals | 'startTime';

/** Something that cannot be measured, or not fully. */
export interface Gap {
  /** What is not measured and why, without a final stop. */
  readonly reason: string;
  /** How it can be had all the same, without a final stop. */
  readonly advice: string;
}

/** Signals of servers that name their outputs and outcomes in a label; `{{name}}` stands for the name. */
export interface NamedSignals {
  readonly scores: PredictionSignal;
  readonly labels: PredictionSignal;
  readonly outcome: OutcomeSignal;
}

/** How the models of one kind of server show in Prometheus. Plain data; the docs are made of it. */
export interface Preset {
  readonly name: string;
  /** What it is for, a few words. */
  readonly title: string;
  /** What it reads, one or two sentences. */
  readonly summary: string;
  /** What its names were read from. */
  readonly readFrom: string;
  /** Matchers of every series, its own and those that a config adds: labels that the scrape gives. */
  readonly where: readonly Matcher[];
  readonly signals: ModelSignals;
  /** What can be had for outputs and outcomes by name. */
  readonly named?: NamedSignals;
  readonly version: VersionSelection;
  /** Absent: `process_start_time_seconds` of the same target. */
  readonly startTime?: StartTimeSelection;
  /** Absent: the buckets are whatever the server was set up with. */
  readonly latencyBoundsMs?: readonly number[];
  readonly gaps: Readonly<Partial<Record<PresetSignal, Gap>>>;
  /** What somebody who uses it ought to know besides, one sentence each. */
  readonly notes: readonly string[];
}
