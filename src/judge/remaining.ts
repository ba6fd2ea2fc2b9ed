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
