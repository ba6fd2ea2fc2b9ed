import type { PairedTailCounts } from '../../statistics/blame-evidence.js';
import { quickBinomialQuantile } from '../../statistics/binomial-quantile.js';
import { changePointEvidenceAfter } from '../../statistics/change-point-mixture.js';
import type { Finding, JudgeContext } from '../guardrail-kind.js';
import { remainingUntil, typicalStage, type Luck } from '../remaining.js';
import type { Timeline } from '../timeline.js';
import { isBeyond, isWithin, type RatioLimits } from './ratio-limits.js';
import {
  promoteGateOpen,
  promoteLogEvidence,
  promoteLookCount,
  rollbackGateOpen,
  rollbackSteps,
  sumPairs,
  withoutBurst,
  type RatioResult,
} from './ratio-test.js';
import { minimumPromoteLooks } from './tail-rules.js';

/** Whether the looks that a promote is made from, or all where those have no event yet, lie within the limits. */
export function pointsToPromote({ promoteRatio, ratio }: RatioResult, limits: RatioLimits): boolean {
  const pointing = promoteRatio ?? ratio;
  return pointing !== undefined && isWithin(pointing.ratio, limits);
}

/** Looks like the present ones that are still needed for the verdict that the ratio points to. */
export function ratioRemaining(
  timeline: Timeline,
  limits: RatioLimits,
  result: RatioResult,
  context: JudgeContext,
): Finding['remaining'] {
  const { gateMargin } = context.policy;
  if (result.ratio === undefined) return null;
  const beyond = isBeyond(result.ratio.ratio, limits);
  if (!beyond && !pointsToPromote(result, limits)) return 'never';
  const ofStage = (stage: number) =>
    result.judged.filter((pair, i) => timeline.looks[i]?.stage === stage && pair.canaryTrials > 0);
  const typical = typicalStage(timeline, context, (stage) => ofStage(stage).length > 0);
  if (typical === undefined) return null;
  const pattern = ofStage(typical.stage);
  const perLook = times(sumPairs(pattern), 1 / pattern.length, typical.factor);
  const fall = result.ratio.ratio < 1 && limits.twoSided;
  const reached = (looks: number, luck: Luck): boolean => {
    // Worse is further away from 1, which for a fall is fewer.
    const more = withLuck(times(perLook, looks, 1), fall ? -luck : luck);
    if (beyond) {
      const oneLook = withoutBurst(times(more, 1 / looks, 1), result.burstRate);
      const window = [...result.windowLooks, times(oneLook, looks, 1)];
      const steps = rollbackSteps(oneLook, limits);
      return (
        changePointEvidenceAfter(result.change, steps, looks, result.start) >= context.rollbackNeeded &&
        rollbackGateOpen(window, limits, gateMargin.rollback)
      );
    }
    const promoteLooks = [...result.promoteLooks, more];
    return (
      looks >= result.looksToWait &&
      promoteLookCount(result) + looks >= minimumPromoteLooks &&
      promoteLogEvidence(promoteLooks, limits, result.promoteDispersion) >= context.promoteNeeded &&
      promoteGateOpen(promoteLooks, limits, gateMargin.promote)
    );
  };
  return remainingUntil(beyond ? 'rollback' : 'promote', reached, perLook.canaryTrials, timeline);
}

/** Coming counts with chance against them: given the events of both arms, the canary's are a binomial share of them. */
function withLuck(pair: PairedTailCounts, luck: Luck): PairedTailCounts {
  const events = pair.canaryEvents + pair.stableEvents;
  if (luck === 0 || !(events > 0)) return pair;
  const drawn = quickBinomialQuantile(luck, events, pair.canaryEvents / events);
  const canaryEvents = Math.min(pair.canaryTrials, drawn);
  return { ...pair, canaryEvents, stableEvents: events - canaryEvents };
}

function times(pair: PairedTailCounts, factor: number, canaryFactor: number): PairedTailCounts {
  return {
    canaryTrials: pair.canaryTrials * factor * canaryFactor,
    canaryEvents: pair.canaryEvents * factor * canaryFactor,
    stableTrials: pair.stableTrials * factor,
    stableEvents: pair.stableEvents * factor,
  };
}
