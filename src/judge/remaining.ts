import { smallestWhole } from '../statistics/bisect.js';
import { normal95 } from '../statistics/normal-distribution.js';
import type { JudgeContext, Remaining } from './guardrail-kind.js';
import type { Timeline, TimelineLook } from './timeline.js';

const weekSeconds = 7 * 86400;

/** How many looks fit into the week beyond which no time still needed is told. */
function longestWaitLooks(timeline: Timeline): number {
  return Math.max(1, Math.floor(weekSeconds / timeline.meanLookSeconds));
}

/**
 * How bad luck the coming looks are taken to have, as a normal score: 0 are the mean counts so far, 1.645 counts that
 * look worse for the canary than those of 95 in 100, -1.645 counts that look better.
 */
export type Luck = number;

/**
 * The looks like those so far that a verdict still needs: the smallest number that, appended with the mean counts,
 * reaches it; beside it the number where chance is against it, 5 % of a promote's counts being worse and of a
 * rollback's better. `never` where none within a week does.
 */
export function remainingUntil(
  wanted: 'promote' | 'rollback',
  reached: (looks: number, luck: Luck) => boolean,
  samplesPerLook: number,
  timeline: Timeline,
): Remaining | 'never' {
  const longest = longestWaitLooks(timeline);
  const wait = (looks: number) => ({
    samples: Math.ceil(looks * samplesPerLook),
    seconds: Math.ceil(looks * timeline.meanLookSeconds),
  });
  const looks = smallestWhole((count) => reached(count, 0), longest);
  if (looks === undefined) return 'never';
  const luck = wanted === 'promote' ? normal95 : -normal95;
  const more = reached(looks, luck)
    ? 0
    : smallestWhole((count) => reached(looks + count, luck), longest - looks);
  return { ...wait(looks), percentile95: more === undefined ? 'never' : wait(looks + more) };
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
 * @param counts whether a look is one of those that have been counted
 */
export function typicalStage(
  timeline: Timeline,
  context: JudgeContext,
  hasCounts: (stage: number) => boolean,
  counts: (look: TimelineLook) => boolean = () => true,
): TypicalStage | undefined {
  for (let stage = timeline.presentStage; stage >= 0; stage--) {
    const looks = timeline.looks.filter(
      (look) => look.stage === stage && !look.warmUp && look.canaryTraffic && counts(look),
    ).length;
    if (looks === 0 || !hasCounts(stage)) continue;
    const now = context.expectedShare ?? timeline.stages[timeline.presentStage]?.share;
    const then = timeline.stages[stage]?.share;
    return { stage, looks, factor: now === undefined || then === undefined || then <= 0 ? 1 : now / then };
  }
  return undefined;
}
