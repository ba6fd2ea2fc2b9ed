import type { Policy } from '../../domain/policy.js';
import type { GuardrailPlan, SmallestWeight } from './plan-document.js';
import type { PlannedTraffic } from './planning.js';
import { baselineOf, plannedQuality, type PlanQualities } from './plan-qualities.js';
import { Trial } from './trial.js';

/** Beyond half of the traffic the stable version becomes the smaller arm, and comparisons gain nothing. */
const largestPercent = 50;

/**
 * The smallest weight in whole percents at which every guardrail that counts lets a healthy canary through within a
 * time, by bisection: more canary traffic never decides later.
 */
export function* smallestWeight(
  policy: Policy,
  traffic: PlannedTraffic,
  qualities: PlanQualities,
  withinSeconds: number,
  guardrails: readonly GuardrailPlan[],
): Generator<void, SmallestWeight> {
  const minutes = Math.floor(withinSeconds / 60);
  const counted = policy.guardrails.filter((_, i) => guardrails[i]?.notMeasured !== true);
  const baseline = baselineOf(policy, qualities);
  function* decides(percent: number, chance: number): Generator<void, boolean> {
    if (minutes < 1 || counted.length === 0) return false;
    for (const settings of counted) {
      const { quality } = plannedQuality(settings, qualities, 'healthy');
      const trial = new Trial(policy, settings, { ...traffic, weight: percent / 100 }, baseline);
      const verdict = trial.verdictAfter(minutes, { quality, stableQuality: quality }, chance);
      yield;
      if (verdict?.verdict !== 'promote') return false;
    }
    return true;
  }
  function* smallest(chance: number): Generator<void, number | null> {
    if (!(yield* decides(largestPercent, chance))) return null;
    let lower = 0;
    let upper = largestPercent;
    while (upper - lower > 1) {
      const middle = Math.floor((lower + upper) / 2);
      if (yield* decides(middle, chance)) upper = middle;
      else lower = middle;
    }
    return upper / 100;
  }
  return { withinSeconds, median: yield* smallest(0.5), percentile95: yield* smallest(0.95) };
}
