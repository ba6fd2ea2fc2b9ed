import type { z } from 'zod';
import type { ArmCounts, Routing } from '../../domain/observations.js';

/** The traffic that a plan is made for. */
export interface PlannedTraffic {
  /** Of both versions together. */
  readonly requestsPerSecond: number;
  /** The canary's share, above 0 and below 1. */
  readonly weight: number;
  /** Bounds of the latency histogram. */
  readonly latencyBoundsMs: readonly number[];
  /** Outcomes that come of one request; 0: none are recorded. */
  readonly outcomesPerRequest: number;
  readonly outcomeMean: number;
  /** Standard deviation of one outcome; null: outcomes are yes or no. */
  readonly outcomeDeviation: number | null;
  /** The share of stable's predictions that are "the decision" of a `decision-rate` guardrail. */
  readonly decisionRate: number;
  readonly routing: Routing;
}

/** What a plan takes the stable version for where a guardrail compares with it; a healthy canary is the same. */
export interface PlannedBaseline {
  readonly errorRate: number;
  /** Where a quantile of its request time lies. */
  readonly latency: { readonly quantile: number; readonly milliseconds: number };
}

/** A canary that there might be, for one guardrail. */
export interface Hypothesis {
  /** What the guardrail would estimate in the long run, in the unit of its estimate. */
  readonly quality: number;
  /** The same of a healthy version: what an absolute guardrail takes the stable version for. */
  readonly stableQuality: number;
  /**
   * What chance does to the figure: 0.5 is the figure as expected, 0.95 one that looks worse than 95 of 100 such
   * canaries would, 0.05 one that looks better than 95 of 100 would.
   */
  readonly chance: number;
  /** The samples over which chance plays: those that the judge will have judged; 0 while that is not known. */
  readonly samples: { readonly canary: number; readonly stable: number };
  readonly traffic: PlannedTraffic;
  readonly baseline: PlannedBaseline;
}

/** What one request of each arm adds to the counts, on average. */
export interface PlannedArms {
  readonly canary: ArmCounts;
  readonly stable: ArmCounts;
}

/**
 * How a kind of guardrail is planned for: which quality is assumed where none is given, and which counts a canary of
 * some quality would have. That is all that the planner needs, since the judge itself answers on those counts.
 */
export interface GuardrailPlanning<S> {
  /** Reads a quality as a person writes it: `0.3%`, `150ms`, `0.25`, `-10%`. */
  qualityField(): z.ZodType<number>;
  /** The quality that is assumed of a canary that ought to be promoted or rolled back. */
  assumedQuality(settings: S, health: 'healthy' | 'faulty'): number;
  /** A quality for a table: `0.3 %`, `p99 150 ms`. */
  formatQuality(quality: number, settings: S): string;
  /** The arms of a hypothesis; undefined where this traffic has no samples for the guardrail. */
  armsOf(hypothesis: Hypothesis, settings: S): PlannedArms | undefined;
  /** Thresholds in milliseconds that are none of the histogram's bounds, so that a whole bucket has to be crossed. */
  thresholdsWithoutBound?(boundsMs: readonly number[], settings: S): readonly number[];
}
