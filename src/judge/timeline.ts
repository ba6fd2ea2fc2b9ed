import type { ArmCounts, BeforeLook, Look, Observations } from '../domain/observations.js';
import type { Policy } from '../domain/policy.js';
import { sum } from '../statistics/sums.js';
import { assignStages, withWeights } from './stages.js';

/** A look with its place among the looks that have traffic. */
export interface TimelineLook {
  /** Its number, from 1; looks without any traffic have none. */
  readonly position: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly canary: ArmCounts | undefined;
  readonly stable: ArmCounts | undefined;
  readonly canaryTraffic: boolean;
  readonly stableTraffic: boolean;
  /** Index of its stage, from 0. */
  readonly stage: number;
  /** Counted and shown, but not judged: the version is just starting or the weight has just changed. */
  readonly warmUp: boolean;
}

/** A run of looks with the same traffic split. */
export interface Stage {
  /** The configured share of the canary; null where it is not known. */
  readonly weight: number | null;
  /** The share of the canary: configured, else observed over the stage. */
  readonly share: number;
}

/** The looks that a verdict is made from, numbered, with their stages and marks. */
export interface Timeline {
  readonly looks: readonly TimelineLook[];
  readonly stages: readonly Stage[];
  /** Index of the present stage: the last one. */
  readonly presentStage: number;
  readonly before: readonly BeforeLook[];
  /** Whether a stable version is named and has traffic in any look. */
  readonly hasStableVersion: boolean;
  /** Null where there is neither an instant to judge for nor a look. */
  readonly asOfMs: number | null;
  /** Mean length of a look in seconds, 60 where there is none. */
  readonly meanLookSeconds: number;
}

/** Whether an arm served anything in a look. Outcomes alone are no traffic: they arrive late. */
export function hasTraffic(arm: ArmCounts | undefined): boolean {
  if (arm === undefined) return false;
  if (arm.requests > 0) return true;
  if (arm.latency !== undefined && sum(arm.latency.counts) > 0) return true;
  for (const predictions of arm.predictions.values()) if (sum(predictions.counts) > 0) return true;
  return false;
}

function hasOutcomes(arm: ArmCounts | undefined): boolean {
  for (const outcome of arm?.outcomes.values() ?? []) if (outcome.count > 0) return true;
  return false;
}

function isEmpty(look: Look): boolean {
  const arms = [look.canary, look.stable];
  return !arms.some((arm) => hasTraffic(arm) || hasOutcomes(arm));
}

/**
 * Keeps the looks that end by `asOf`, drops those without traffic in either arm, numbers the rest and marks
 * stages and warm-up.
 */
export function buildTimeline(policy: Policy, observations: Observations): Timeline {
  const asOfMs = observations.asOfMs ?? observations.looks.at(-1)?.endMs ?? null;
  const settled = observations.looks.filter((look) => asOfMs === null || look.endMs <= asOfMs);
  const kept = withWeights(settled).filter((look) => !isEmpty(look));
  const { stageOf, weights } = assignStages(kept);
  const warmUp = markWarmUp(kept, stageOf, policy);
  const looks = kept.map((look, index) => ({
    position: index + 1,
    startMs: look.startMs,
    endMs: look.endMs,
    canary: look.canary,
    stable: look.stable,
    canaryTraffic: hasTraffic(look.canary),
    stableTraffic: hasTraffic(look.stable),
    stage: stageOf[index] ?? 0,
    warmUp: warmUp[index] ?? false,
  }));
  const totalMs = kept.reduce((total, look) => total + look.endMs - look.startMs, 0);
  return {
    looks,
    stages: weights.map((weight, stage) => ({ weight, share: stageShare(looks, stage, weight) })),
    presentStage: Math.max(0, weights.length - 1),
    before: observations.before,
    hasStableVersion: observations.stable !== undefined && looks.some((look) => look.stableTraffic),
    asOfMs,
    meanLookSeconds: kept.length === 0 ? 60 : totalMs / kept.length / 1000,
  };
}

function stageShare(looks: readonly TimelineLook[], stage: number, weight: number | null): number {
  if (weight !== null && weight > 0 && weight < 1) return weight;
  let canary = 0;
  let stable = 0;
  for (const look of looks) {
    if (look.stage !== stage) continue;
    canary += look.canary?.requests ?? 0;
    stable += look.stable?.requests ?? 0;
  }
  const observed = canary + stable > 0 ? canary / (canary + stable) : 0.5;
  return Math.min(0.999, Math.max(0.001, observed));
}

/**
 * A look is warm-up while less than `warmUp` of looks with canary traffic lies before it, in a later stage also
 * while less than `warmUpAfterWeight` of that stage's does.
 */
function markWarmUp(looks: readonly Look[], stageOf: readonly number[], policy: Policy): readonly boolean[] {
  let seconds = 0;
  let stageSeconds = 0;
  let stage = 0;
  return looks.map((look, index) => {
    const now = stageOf[index] ?? 0;
    if (now !== stage) {
      stage = now;
      stageSeconds = 0;
    }
    const warm =
      seconds < policy.warmUpSeconds || (stage > 0 && stageSeconds < policy.warmUpAfterWeightSeconds);
    if (hasTraffic(look.canary)) {
      const duration = (look.endMs - look.startMs) / 1000;
      seconds += duration;
      stageSeconds += duration;
    }
    return warm;
  });
}
