/** The words of an answer: verdicts, reason codes and the verdict document. */

export const verdicts = ['promote', 'hold', 'rollback'] as const;
export type Verdict = (typeof verdicts)[number];

/** 1 promote, 0 hold, -1 rollback: for callers that compare numbers. */
export const verdictCodes: Readonly<Record<Verdict, 1 | 0 | -1>> = { promote: 1, hold: 0, rollback: -1 };

/** The closed list of reasons, each with what it tells in a few words. */
export const reasonCodes = {
  promote: 'good enough, and the evidence for it is there',
  rollback: 'bad enough, and the evidence for it is there',
  'between-thresholds': 'the estimate lies between the two thresholds',
  'more-evidence-needed': 'the estimate points somewhere, but the requests so far do not prove it',
  'warming-up': 'only warm-up looks so far; they are counted and shown, not judged',
  'new-stage': 'promote evidence begins anew after a change of weight',
  'not-measured': 'neither version ever had data for this guardrail',
  'canary-silent': 'the stable version has data for this guardrail, the canary has traffic but none',
  'stable-breaches-too': 'the stable version breaches the threshold as well',
  'stable-breaches-again': 'the stable version breached in a second episode',
  'incident-since-weight-change': 'both versions breach since the canary got its traffic',
  'bad-argument': 'an argument of the request could not be used',
  'undecided-pass': 'undecided, and the policy lets an undecided guardrail pass',
  'no-data': 'the canary has no counts for this guardrail',
  'no-baseline': 'the stable version has no counts to compare with',
  'no-variance': 'the outcomes do not vary, so nothing can be said about chance',
  'buckets-too-coarse': 'the histogram has no bound where the threshold needs one',
  'sample-ratio': 'the traffic is not split as configured',
  'stale-data': 'the canary has had no traffic for a while',
  'turning-bad': 'a recent window looks bad although the whole looks good',
  'on-breach-hold': 'the threshold is breached; the policy or the routing says hold, not rollback',
  'minimum-duration': 'the guardrail may not roll back before its minimum duration',
  'source-unavailable': 'the source of observations could not be read',
  'partial-data': 'the source answered with only a part of the data',
  'unknown-model': 'no such model',
  'unknown-version': 'no such version of the model',
  'unknown-guardrail': 'the policy has no such guardrail',
  'unknown-policy': 'no such policy',
  'waiting-for-others': 'this guardrail is ready, another one is not',
} as const satisfies Readonly<Record<string, string>>;

export type ReasonCode = keyof typeof reasonCodes;

/** Evidence in natural logs of e-values, with what is needed for each direction. Null: nothing to judge yet. */
export interface Evidence {
  readonly rollback: number | null;
  readonly rollbackNeeded: number;
  readonly promote: number | null;
  readonly promoteNeeded: number;
}

/** What one guardrail says. */
export interface GuardrailVerdict {
  readonly name: string;
  readonly kind: string;
  readonly verdict: Verdict;
  /** What the thresholds alone would have said of all counts so far. */
  readonly literalVerdict: Verdict;
  readonly reasonCode: ReasonCode;
  readonly reason: string;
  readonly estimate: number | null;
  readonly unit: string;
  /** 95 % interval; an end that is not known is null. */
  readonly interval: readonly [number | null, number | null] | null;
  readonly intervalKind: 'anytime' | 'single-look' | null;
  readonly promoteBelow?: number;
  readonly rollbackAbove?: number;
  readonly promoteAbove?: number;
  readonly rollbackBelow?: number;
  /** True where the limits count for the size of the estimate, whichever its sign. */
  readonly twoSided?: true;
  readonly evidence: Evidence;
  readonly samples: { readonly canary: number; readonly stable: number };
  /** Canary samples still needed at the median; null where no number of them would decide. */
  readonly moreSamplesNeeded: number | null;
  readonly etaSeconds: number | null;
  /** The same for 95 of 100 such canaries: with coming counts so unfavourable as only 5 % are. */
  readonly moreSamplesNeeded95: number | null;
  readonly etaSeconds95: number | null;
  readonly guarantee: 'exact' | 'asymptotic' | 'none';
  readonly details: Readonly<Record<string, unknown>>;
}

/** One reason of the document: the guardrail's, or one that concerns all of them (guardrail null). */
export interface Reason {
  readonly code: ReasonCode;
  readonly guardrail: string | null;
  readonly text: string;
}

/** What may be claimed about a verdict: rates, and what they assume. */
export interface Guarantee {
  readonly falseRollback: number;
  readonly falsePromotion?: number;
  readonly assumes: readonly string[];
}

/** The small value that Argo Rollouts stores: a number to chart, the verdict, and one sentence. */
export type Measurement = readonly [number | null, Verdict, string];

/** The answer to "is this canary good enough?". Same policy, observations and question: same document. */
export interface VerdictDocument {
  readonly id: string;
  readonly verdict: Verdict;
  readonly code: 1 | 0 | -1;
  readonly literalVerdict: Verdict;
  readonly measurement: Measurement;
  readonly model: string;
  readonly canary: string;
  readonly stable: string | null;
  readonly policy: string;
  readonly policyHash: string;
  readonly mode: 'evidence' | 'threshold';
  readonly guardrail?: string;
  readonly asOf: string | null;
  readonly looks: number;
  readonly stage: number;
  readonly restarts: number;
  readonly reasons: readonly Reason[];
  readonly guardrails: readonly GuardrailVerdict[];
  /** Guardrails that the combined verdict was made without: not measured, or passed while undecided. */
  readonly decidedWithout: readonly string[];
  readonly sampleRatio: SampleRatio | null;
  readonly guarantee: Guarantee | 'none';
  /** How the counts were read, where that is not plain: which queries, of which server, what was noticed. Not judged. */
  readonly source?: Readonly<Record<string, unknown>>;
}

/** Whether the traffic was split as configured on the present stage. */
export interface SampleRatio {
  readonly evidence: number;
  readonly configured: number;
  readonly observed: number;
  readonly alarm: boolean;
}
