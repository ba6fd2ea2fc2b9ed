import type { Routing } from '../../domain/observations.js';

/** The words of a plan. */

/** After how long something is decided. */
export interface PlannedWait {
  /** Canary samples of the guardrail by then, those of the warm-up included. */
  readonly samples: number;
  readonly minutes: number;
}

/** Why something is not decided at all. */
export const undecidedCodes = {
  'between-thresholds': 'the assumed quality lies between the two thresholds',
  'other-verdict': 'a canary of this quality gets the other verdict',
  'longer-than-a-week': 'this traffic does not decide it within a week',
  'buckets-too-coarse': 'the histogram has no bound where the threshold needs one',
  'on-breach-hold': 'the policy says hold on a breach',
  'no-data': 'no samples for this guardrail come of this traffic',
  'cannot-be-judged': 'the judge holds for another reason',
} as const satisfies Readonly<Record<string, string>>;

export type UndecidedCode = keyof typeof undecidedCodes;

export interface Undecided {
  readonly code: UndecidedCode;
  /** One sentence: why, and what would help. */
  readonly text: string;
}

/** How long until a verdict, or why there is none; null where that share of rollouts is not decided within a week. */
export interface PlannedVerdict {
  readonly median: PlannedWait | null;
  readonly percentile95: PlannedWait | null;
  /** Why one of them is null, or both. */
  readonly undecided: Undecided | null;
}

/** A quality that a guardrail is planned for. */
export interface PlannedQuality {
  /** In the unit of the guardrail's estimate. */
  readonly quality: number;
  readonly text: string;
  /** False where the caller gave it. */
  readonly assumed: boolean;
}

export interface GuardrailPlan {
  readonly name: string;
  readonly kind: string;
  readonly unit: string;
  /** What its samples are: requests, predictions, outcomes. */
  readonly sampleName: string;
  readonly healthy: PlannedQuality;
  readonly faulty: PlannedQuality;
  /** Until a healthy canary is promoted by this guardrail, proven. */
  readonly untilPromote: PlannedVerdict;
  /** Until a faulty canary is rolled back. */
  readonly untilRollback: PlannedVerdict;
  /** Until the guardrail no longer keeps the combined promote back, proven or passed while undecided. */
  readonly untilNotBlocking: PlannedVerdict;
  /** Left out of the combined verdict: nothing is measured, and the policy allows that. */
  readonly notMeasured: boolean;
}

/** Minutes, or null where it is not decided within a week. */
export interface PlannedMinutes {
  readonly median: number | null;
  readonly percentile95: number | null;
}

export interface CombinedPlan {
  /** Until every guardrail that counts lets a healthy canary through: the latest of them. */
  readonly untilPromote: PlannedMinutes;
  /** The guardrails that are the last, or that never decide. */
  readonly slowest: { readonly median: readonly string[]; readonly percentile95: readonly string[] };
  /** Until a canary that is faulty in this one guardrail is rolled back. */
  readonly untilRollback: readonly (PlannedMinutes & { readonly fault: string })[];
}

/** The smallest canary weight, in whole percents up to 50, that promotes a healthy canary within a time. */
export interface SmallestWeight {
  readonly withinSeconds: number;
  /** Null: none does. */
  readonly median: number | null;
  readonly percentile95: number | null;
}

/** How long a policy takes on some traffic. */
export interface Plan {
  readonly policy: string;
  readonly mode: 'evidence' | 'threshold';
  readonly confidence: number;
  readonly traffic: {
    readonly requestsPerSecond: number;
    readonly weight: number;
    readonly canaryRequestsPerMinute: number;
    readonly outcomesPerRequest: number;
    readonly outcomeMean: number;
    readonly outcomeDeviation: number | null;
    readonly decisionRate: number;
    readonly latencyBoundsMs: readonly number[];
    readonly routing: Routing;
  };
  readonly guardrails: readonly GuardrailPlan[];
  readonly combined: CombinedPlan;
  /** Only where a time was given. */
  readonly smallestWeight?: SmallestWeight;
  /** What the figures assume, in sentences. */
  readonly assumes: readonly string[];
}
