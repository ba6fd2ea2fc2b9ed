import type { GuardrailSettings, Policy } from '../../domain/policy.js';
import type { GuardrailVerdict, Verdict } from '../../domain/verdict.js';
import { guardrailKind } from '../guardrails/index.js';
import { cleanNumber } from './clean-number.js';
import { combinedPlan } from './combined-plan.js';
import { firstMinute, longestMinutes } from './first-minute.js';
import { assumptionsOf } from './plan-assumptions.js';
import type { GuardrailPlan, Plan, PlannedQuality, PlannedVerdict, PlannedWait } from './plan-document.js';
import type { PlannedTraffic } from './planning.js';
import { baselineOf, plannedQuality, type PlanQualities } from './plan-qualities.js';
import { smallestWeight } from './smallest-weight.js';
import { Trial, type AssumedQualities } from './trial.js';
import { whyUndecided } from './undecided.js';

/** What a plan is made of. */
export interface PlanQuestion {
  readonly traffic: PlannedTraffic;
  /** Qualities by guardrail, where the default ones do not fit. */
  readonly qualities?: PlanQualities;
  /** For the smallest weight that promotes a healthy canary in so many seconds. */
  readonly withinSeconds?: number;
}

/** Chance of a figure as expected, and of one that looks worse (better) than that of 95 in 100 canaries. */
const expected = 0.5;
const unlucky = 0.95;
const lucky = 0.05;

/**
 * How long a policy takes on some traffic until a healthy canary is promoted and a faulty one rolled back. No closed
 * formula: the judge itself answers on hypothetical counts, and the first minute at which it decides is searched. The
 * median is that of the expected counts; the 95th percentile that of counts so unfavourable as only 5 % are, an upper
 * bound of the time that 95 of 100 rollouts need.
 */
export function plan(policy: Policy, question: PlanQuestion): Plan {
  const steps = planSteps(policy, question);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same with a pause after every question to the judge, each a few milliseconds. */
export function* planSteps(policy: Policy, question: PlanQuestion): Generator<void, Plan> {
  const { traffic, qualities = { healthy: new Map(), faulty: new Map() }, withinSeconds } = question;
  const guardrails: GuardrailPlan[] = [];
  for (const settings of policy.guardrails) {
    guardrails.push(yield* guardrailPlan(policy, settings, traffic, qualities));
  }
  const smallest =
    withinSeconds === undefined
      ? undefined
      : yield* smallestWeight(policy, traffic, qualities, withinSeconds, guardrails);
  return {
    policy: policy.name,
    mode: policy.mode,
    confidence: policy.confidence,
    traffic: {
      requestsPerSecond: traffic.requestsPerSecond,
      weight: traffic.weight,
      canaryRequestsPerMinute: cleanNumber(traffic.requestsPerSecond * 60 * traffic.weight),
      outcomesPerRequest: traffic.outcomesPerRequest,
      outcomeMean: traffic.outcomeMean,
      outcomeDeviation: traffic.outcomeDeviation,
      decisionRate: traffic.decisionRate,
      latencyBoundsMs: traffic.latencyBoundsMs,
      routing: traffic.routing,
    },
    guardrails,
    combined: combinedPlan(guardrails),
    ...(smallest === undefined ? {} : { smallestWeight: smallest }),
    assumes: assumptionsOf(policy, traffic, baselineOf(policy, qualities)),
  };
}

function* guardrailPlan(
  policy: Policy,
  settings: GuardrailSettings,
  traffic: PlannedTraffic,
  qualities: PlanQualities,
): Generator<void, GuardrailPlan> {
  const kind = guardrailKind(settings.kind);
  const healthy = plannedQuality(settings, qualities, 'healthy');
  const faulty = plannedQuality(settings, qualities, 'faulty');
  const trial = new Trial(policy, settings, traffic, baselineOf(policy, qualities));
  const perMinute = trial.samplesPerMinute({ quality: healthy.quality, stableQuality: healthy.quality });
  const ask = (quality: PlannedQuality): AssumedQualities => ({
    quality: quality.quality,
    stableQuality: healthy.quality,
  });
  const search = (quality: PlannedQuality, wanted: Exclude<Verdict, 'hold'>, isIt: IsWanted) =>
    searched(trial, ask(quality), settings, wanted, isIt, traffic, perMinute ?? 0);
  const untilPromote = yield* search(healthy, 'promote', proven('promote'));
  const passes = settings.ifUndecided !== 'hold';
  return {
    name: settings.name,
    kind: settings.kind,
    unit: kind.unit,
    sampleName: kind.sampleName,
    healthy,
    faulty,
    untilPromote,
    untilRollback: yield* search(faulty, 'rollback', proven('rollback')),
    untilNotBlocking: passes
      ? yield* search(healthy, 'promote', ({ verdict }) => verdict === 'promote')
      : untilPromote,
    notMeasured: isLeftOut(trial.verdictAfter(1, ask(healthy), expected), settings),
  };
}

/** Whether the combined verdict is made without a guardrail: nothing is recorded for it, or nothing to compare. */
function isLeftOut(verdict: GuardrailVerdict | undefined, { required }: GuardrailSettings): boolean {
  return verdict === undefined ? required === 'auto' : verdict.reasonCode === 'not-measured';
}

type IsWanted = (verdict: GuardrailVerdict) => boolean;

/** The verdict itself, not a pass of what is undecided. */
const proven =
  (wanted: Verdict): IsWanted =>
  ({ verdict, reasonCode }) =>
    verdict === wanted && reasonCode !== 'undecided-pass';

function* searched(
  trial: Trial,
  qualities: AssumedQualities,
  settings: GuardrailSettings,
  wanted: Exclude<Verdict, 'hold'>,
  isIt: IsWanted,
  traffic: PlannedTraffic,
  perMinute: number,
): Generator<void, PlannedVerdict> {
  const after = (chance: number) => (minutes: number) => {
    const verdict = trial.verdictAfter(minutes, qualities, chance);
    return verdict !== undefined && isIt(verdict);
  };
  const wait = (minutes: number | null): PlannedWait | null =>
    minutes === null ? null : { minutes, samples: Math.ceil(cleanNumber(minutes * perMinute)) };
  const unfavourable = wanted === 'promote' ? unlucky : lucky;
  const median = yield* firstMinute(after(expected));
  const percentile95 = median === null ? null : yield* firstMinute(after(unfavourable), median);
  const last = (chance: number) => trial.verdictAfter(longestMinutes, qualities, chance);
  const undecided =
    percentile95 !== null
      ? null
      : whyUndecided(
          settings,
          qualities,
          wanted,
          last(median === null ? expected : unfavourable),
          median !== null,
          traffic,
        );
  return { median: wait(median), percentile95: wait(percentile95), undecided };
}
