import { quickBinomialQuantile } from '../../statistics/binomial-quantile.js';
import { binomialLogLikelihoodRatio } from '../../statistics/binomial-evidence.js';
import { changePointEvidenceAfter } from '../../statistics/change-point-mixture.js';
import type { Finding, JudgeContext } from '../guardrail-kind.js';
import { remainingUntil, typicalStage, type Luck } from '../remaining.js';
import type { Timeline } from '../timeline.js';
import { noTail, sumTails, type ArmTail, type TailSeries } from './tail-series.js';
import { promoteGateOpen, promoteLogEvidence, rollbackGateOpen, type TailResult } from './tail-test.js';
import { minimumPromoteLooks } from './tail-rules.js';

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
  const reached = (looks: number, luck: Luck): boolean => {
    const counts = plus(result.presentStage, coming(perLook, looks, luck, result.promoteDispersion), 1);
    return (
      looks >= result.incident.looksToWait &&
      result.presentStageLooks + looks >= minimumPromoteLooks &&
      promoteGateOpen(series, counts, context.policy.gateMargin.promote) &&
      promoteLogEvidence(series, counts, result.promoteDispersion) >= context.promoteNeeded
    );
  };
  return remainingUntil('promote', reached, perLook.trials, timeline);
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
  const reached = (looks: number, luck: Luck): boolean => {
    const counts = coming(perLook, looks, luck, result.rollbackDispersion);
    const steps = alternatives.map((alternative) =>
      binomialLogLikelihoodRatio(counts.rollbackEvents / looks, perLook.trials, nullRate, alternative),
    );
    return (
      rollbackGateOpen(series, plus(result.window.canary, counts, 1), context.policy.gateMargin.rollback) &&
      changePointEvidenceAfter(result.change, steps, looks, result.mixture) >= context.rollbackNeeded
    );
  };
  return remainingUntil('rollback', reached, perLook.trials, timeline);
}

/**
 * The mean counts of a coming look: the rates of all usable looks, at the size of those of the present stage, or, before
 * it has one, of the latest before it at the share of now.
 */
function meanLook(
  timeline: Timeline,
  series: TailSeries,
  result: TailResult,
  context: JudgeContext,
): ArmTail | undefined {
  const counted = series.canary.map((tail, i) => (result.usable[i] === true ? tail : noTail));
  const ofStage = (stage: number) =>
    counted.filter((tail, i) => tail.trials > 0 && timeline.looks[i]?.stage === stage);
  const typical = typicalStage(timeline, context, (stage) => ofStage(stage).length > 0);
  if (typical === undefined) return undefined;
  const looks = ofStage(typical.stage);
  const rates = sumTails(counted);
  const size = (sumTails(looks).trials / looks.length) * typical.factor;
  return plus(noTail, rates, size / rates.trials);
}

/** The counts of so many coming looks: the mean ones, or those that chance makes of them, dispersed as stable's are. */
function coming(perLook: ArmTail, looks: number, luck: Luck, dispersion: number): ArmTail {
  if (luck === 0) return plus(noTail, perLook, looks);
  const trials = perLook.trials * looks;
  const known = new Map<number, number>();
  const drawn = (events: number): number => {
    const before = known.get(events);
    if (before !== undefined) return before;
    const count = dispersion * quickBinomialQuantile(luck, trials / dispersion, events / perLook.trials);
    known.set(events, count);
    return count;
  };
  return {
    trials,
    rollbackEvents: drawn(perLook.rollbackEvents),
    promoteEvents: drawn(perLook.promoteEvents),
    beyondRollback: drawn(perLook.beyondRollback),
    beyondPromote: drawn(perLook.beyondPromote),
  };
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
