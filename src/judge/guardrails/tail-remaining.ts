import { smallestWhole } from '../../statistics/bisect.js';
import { binomialLogLikelihoodRatio } from '../../statistics/binomial-evidence.js';
import { changePointEvidenceAfter } from '../../statistics/change-point-mixture.js';
import type { Finding, JudgeContext } from '../guardrail-kind.js';
import { longestWaitLooks, looksToRemaining, shareFactor } from '../remaining.js';
import type { Timeline } from '../timeline.js';
import { noTail, sumTails, type ArmTail, type TailSeries } from './tail-series.js';
import {
  minimumPromoteLooks,
  promoteGateOpen,
  promoteLogEvidence,
  rollbackGateOpen,
  type TailResult,
} from './tail-test.js';

/**
 * Looks like the present ones that a promote still needs: the smallest number that, appended with the present
 * mean counts, opens the gate and reaches the evidence; `never` where none within a week does.
 */
export function remainingToPromote(
  timeline: Timeline,
  series: TailSeries,
  result: TailResult,
  context: JudgeContext,
): Finding['remaining'] {
  const perLook = meanLook(timeline, series, result, context);
  if (perLook === undefined) return null;
  const counts = (looks: number) => plus(result.presentStage, perLook, looks);
  const enough = (looks: number): boolean =>
    looks >= result.incident.looksToWait &&
    result.presentStageLooks + looks >= minimumPromoteLooks &&
    promoteGateOpen(series, counts(looks), context.policy.gateMargin.promote) &&
    promoteLogEvidence(series, counts(looks), result.promoteDispersion) >= context.promoteNeeded;
  const looks = smallestWhole(enough, longestWaitLooks(timeline));
  return looks === undefined ? 'never' : looksToRemaining(looks, perLook.trials, timeline);
}

/** The same for a rollback: the change-point mixture with looks like the present ones appended, in closed form. */
export function remainingToRollback(
  timeline: Timeline,
  series: TailSeries,
  result: TailResult,
  context: JudgeContext,
): Finding['remaining'] {
  const perLook = meanLook(timeline, series, result, context);
  if (perLook === undefined) return null;
  if (!series.rollbackMeasurable) return 'never';
  const { nullRate, alternatives } = result.mixture;
  const steps = alternatives.map((alternative) =>
    binomialLogLikelihoodRatio(perLook.rollbackEvents, perLook.trials, nullRate, alternative),
  );
  const enough = (looks: number): boolean =>
    rollbackGateOpen(
      series,
      plus(result.window.canary, perLook, looks),
      context.policy.gateMargin.rollback,
    ) && changePointEvidenceAfter(result.change, steps, looks, result.mixture) >= context.rollbackNeeded;
  const looks = smallestWhole(enough, longestWaitLooks(timeline));
  return looks === undefined ? 'never' : looksToRemaining(looks, perLook.trials, timeline);
}

/** The mean counts of a usable look with canary traffic, at the share that is expected from now on. */
function meanLook(
  timeline: Timeline,
  series: TailSeries,
  result: TailResult,
  context: JudgeContext,
): ArmTail | undefined {
  const counted = series.canary.filter((tail, i) => result.usable[i] === true && tail.trials > 0);
  const present = series.canary.filter(
    (tail, i) =>
      result.usable[i] === true && tail.trials > 0 && timeline.looks[i]?.stage === timeline.presentStage,
  );
  if (counted.length === 0) return undefined;
  const rates = sumTails(counted);
  const size = present.length > 0 ? sumTails(present).trials / present.length : rates.trials / counted.length;
  const factor = (size * shareFactor(timeline, context)) / rates.trials;
  return plus(noTail, rates, factor);
}

function plus(start: ArmTail, step: ArmTail, times: number): ArmTail {
  return {
    trials: start.trials + times * step.trials,
    rollbackEvents: start.rollbackEvents + times * step.rollbackEvents,
    promoteEvents: start.promoteEvents + times * step.promoteEvents,
    beyondRollback: start.beyondRollback + times * step.beyondRollback,
    beyondPromote: start.beyondPromote + times * step.beyondPromote,
  };
}
