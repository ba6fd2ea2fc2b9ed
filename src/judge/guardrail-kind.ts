import type { z } from 'zod';
import type { ArmCounts, Routing } from '../domain/observations.js';
import type { GuardrailSettings, Policy } from '../domain/policy.js';
import type { ReasonCode, Verdict } from '../domain/verdict.js';
import type { GuardrailPlanning } from './plan/planning.js';
import type { Timeline } from './timeline.js';

/** What a guardrail needs to know of the whole policy. */
export interface JudgeContext {
  readonly policy: Policy;
  /** ln(G / falseRollback), G the number of guardrails of the policy: evidence that a rollback needs. */
  readonly rollbackNeeded: number;
  /** ln(1 / (1 - confidence)): evidence a promote needs. */
  readonly promoteNeeded: number;
  readonly routing: Routing;
  /** Names of outcomes that are counted when they arrive, not with the request they belong to. */
  readonly outcomesByArrival: readonly string[];
  /** The canary's share of the traffic that is expected from now on, where the caller said it. */
  readonly expectedShare?: number;
}

/** The thresholds of a guardrail under their public names. */
export type Thresholds =
  | { readonly promoteBelow: number; readonly rollbackAbove: number; readonly twoSided?: true }
  | { readonly promoteAbove: number; readonly rollbackBelow: number };

/** How far the canary is from a decision at the present traffic. */
export interface Remaining {
  readonly samples: number;
  readonly seconds: number;
  /**
   * The same where the coming counts are so unfavourable as only 5 % are; absent where nothing is left to chance.
   */
  readonly percentile95?: { readonly samples: number; readonly seconds: number } | 'never';
}

/** Evidence against a loss that nobody would want to miss. */
export interface WorstCase {
  readonly evidence: number;
  /** What it speaks against: `a change of -10 % or worse`. */
  readonly against: string;
  readonly remaining: Remaining | 'never' | null;
}

export interface Samples {
  readonly canary: number;
  readonly stable: number;
}

/** The decision table to the letter on all looks: what threshold mode answers with. */
export interface LiteralFinding {
  readonly verdict: Verdict;
  /** Why there is no estimate, where that is not what the finding says of the judged looks. */
  readonly reasonCode?: ReasonCode;
  readonly estimate: number | null;
  readonly samples: Samples;
  readonly headline: string;
  readonly measured: string;
}

/** What a guardrail found: everything but the policy's general rules, which are the same for all kinds. */
export interface Finding {
  /** What the statistics of this guardrail say. */
  readonly verdict: Verdict;
  readonly reasonCode: ReasonCode;
  readonly literal: LiteralFinding;
  readonly estimate: number | null;
  readonly interval: readonly [number | null, number | null] | null;
  readonly intervalKind: 'anytime' | 'single-look' | null;
  readonly rollbackEvidence: number | null;
  readonly promoteEvidence: number | null;
  /** Something beside the evidence keeps every promote back, that of an undecided guardrail that passes included. */
  readonly promoteHeldBack?: boolean;
  /** Whether the estimate lies beyond the rollback threshold (the gate without its margin). */
  readonly beyondRollback: boolean;
  /** The counts behind the estimate. */
  readonly samples: Samples;
  /** `never`: no amount of such traffic within a week would decide it; null: that cannot be told yet. */
  readonly remaining: Remaining | 'never' | null;
  /** The figure against its threshold in a few words: `PSI 0.31 > 0.2`. */
  readonly headline: string;
  /** What was measured, on what, against what: one sentence without the final stop. */
  readonly measured: string;
  /** How far something much worse than the rollback threshold is excluded, for `ifUndecided: bounded`. */
  readonly worstCase?: WorstCase;
  /** A note that belongs to this finding: coarse buckets, looks left out. */
  readonly note?: string | undefined;
  /** No evidence is weighed, so no odds are told; what decides is this, as one sentence, where something does. */
  readonly unweighed?: { readonly grounds?: string };
  /** What the rollback evidence speaks against, where that is another null than the kind's. */
  readonly rollbackNull?: string;
  /** The rule that keeps a verdict back although the evidence is there, as a sentence. */
  readonly heldBy?: string;
  /** Why a proven breach holds, where that is not the policy's `onBreach`. */
  readonly breachHeldBy?: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Why a guardrail holds at most, whatever its counts say. */
export interface HeldAtMost {
  readonly reasonCode: ReasonCode;
  /** What is wrong and how to mend it, as sentences. */
  readonly told: string;
  /** The same for the guarantee, after the guardrail's name: `holds at most, since ...`. */
  readonly unguaranteed: string;
}

/** Why a guardrail has nothing to judge. */
export interface MissingWords {
  readonly headline: string;
  /** One sentence without capital and final stop. */
  readonly told: string;
}

/** A kind of guardrail: one file each, listed in the registry. */
export interface GuardrailKind<S extends GuardrailSettings = GuardrailSettings> {
  readonly kind: string;
  /** One line for the docs. */
  readonly summary: string;
  /** Unit of the estimate: `fraction`, `ms`, `psi`, `relative-change`. */
  readonly unit: string;
  /** What the samples are, in the plural: requests, predictions, outcomes. */
  readonly sampleName: string;
  readonly guarantee: 'exact' | 'asymptotic';
  /** Why this reading of the guardrail states no rate of wrong verdicts, after its name; absent: it does. */
  readonly unguaranteed?: string;
  /** What an asymptotic guarantee rests on, where there is more to say than "error rates as simulated". */
  readonly asymptotics?: string;
  /**
   * What the canary is held against: `absolute` limits; or a `comparison`, which says something about the canary
   * alone only where its requests are those of everybody.
   */
  readonly basis: 'absolute' | 'comparison';
  /** Whether these settings compare with the stable version of the same time, and so say nothing without it. */
  needsBaseline(settings: S): boolean;
  /** Strict schema of its settings. */
  readonly schema: z.ZodType<S>;
  /** What is wrong between fields of this kind, beside the order of its limits. */
  problem?(settings: S): { readonly field: string; readonly message: string } | undefined;
  /** What the evidence speaks against: `an error rate of 0.5 % or less`, per direction. */
  describeNull(settings: S, direction: 'rollback' | 'promote'): string;
  thresholds(settings: S): Thresholds;
  /** Another way to judge the same guardrail, where the observations lack what this one reads. */
  readingOf?(timeline: Timeline, settings: S): GuardrailKind<S>;
  /** Why it may hold at most on what the source counts; undefined where it may decide. */
  heldAtMost?(settings: S, context: JudgeContext): HeldAtMost | undefined;
  /** Why there are no samples, where the observations tell more of that than their absence. */
  missingWords?(timeline: Timeline, settings: S): MissingWords | undefined;
  /** How many samples an arm has in one look; undefined where the arm does not measure this at all. */
  samplesOf(arm: ArmCounts, settings: S): number | undefined;
  judge(timeline: Timeline, settings: S, context: JudgeContext): Finding;
  /** How a canary of some quality would look to it, for the planner. */
  readonly planning: GuardrailPlanning<S>;
}
