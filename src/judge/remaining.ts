import type { JudgeContext, Remaining } from './guardrail-kind.js';
import type { Timeline } from './timeline.js';

const weekSeconds = 7 * 86400;

/** How many looks fit into the week beyond which no time still needed is told. */
export function longestWaitLooks(timeline: Timeline): number {
  return Math.max(1, Math.floor(weekSeconds / timeline.meanLookSeconds));
}

/** Looks as canary samples and seconds. */
export function looksToRemaining(looks: number, samplesPerLook: number, timeline: Timeline): Remaining {
  return {
    samples: Math.ceil(looks * samplesPerLook),
    seconds: Math.ceil(looks * timeline.meanLookSeconds),
  };
}

/** By how much the canary's traffic grows or shrinks where the caller told the share from now on. */
export function shareFactor(timeline: Timeline, context: JudgeContext): number {
  const share = timeline.stages[timeline.presentStage]?.share;
  return context.expectedShare === undefined || share === undefined || share <= 0
    ? 1
    : context.expectedShare / share;
}

/** A stage whose looks tell what the coming ones will be like. */
export interface TypicalStage {
  readonly stage: number;
  /** How many judged looks with canary traffic it has. */
  readonly looks: number;
  /** By how much the canary's counts of a coming look differ from those of this stage. */
  readonly factor: number;
}

/**
 * The present stage if it has judged looks that count, else the latest one before it that has, with the canary's
 * share of now; undefined where there is none.
 *
 * @param hasCounts whether a stage, by its index, has canary counts for the guardrail
 */
export function typicalStage(
  timeline: Timeline,
  context: JudgeContext,
  hasCounts: (stage: number) => boolean,
): TypicalStage | undefined {
  for (let stage = timeline.presentStage; stage >= 0; stage--) {
    const looks = timeline.looks.filter(
      (look) => look.stage === stage && !look.warmUp && look.canaryTraffic,
    ).length;
    if (looks === 0 || !hasCounts(stage)) continue;
    const now = context.expectedShare ?? timeline.stages[timeline.presentStage]?.share;
    const then = timeline.stages[stage]?.share;
    return { stage, looks, factor: now === undefined || then === undefined || then <= 0 ? 1 : now / then };
  }
  return undefined;
}
