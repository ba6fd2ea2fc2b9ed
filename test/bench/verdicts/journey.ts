import type { Policy } from '../../../src/domain/policy.js';
import type { Verdict } from '../../../src/domain/verdict.js';
import { defaultPolicy } from '../../../src/judge/index.js';
import { healthy } from './healthy.js';
import type { ArmRates, World } from './world.js';

/** One step of a rollout: the canary's share of the traffic, and the policy that has to promote to go on. */
export interface JourneyStep {
  readonly weight: number;
  readonly policy: Policy;
}

/** How the steps of a rollout are judged. */
export interface JourneyPlan {
  readonly name: string;
  readonly title: string;
  readonly steps: readonly JourneyStep[];
}

/** A canary that is taken through all the steps. */
export interface JourneyScenario {
  readonly name: string;
  readonly title: string;
  readonly right: Exclude<Verdict, 'hold'>;
  readonly begin: () => World;
}

/** Minutes after which a rollout that has not ended counts as undecided. */
export const journeyLooks = 180;

const weights = [0.05, 0.25, 0.5];

function plan(
  name: string,
  title: string,
  asked: (isLast: boolean) => { readonly confidence: number; readonly ifUndecided: 'hold' | 'pass' },
): JourneyPlan {
  const policy = defaultPolicy();
  return {
    name,
    title,
    steps: weights.map((weight, index) => {
      const { confidence, ifUndecided } = asked(index === weights.length - 1);
      const guardrails = policy.guardrails.map((guardrail) =>
        guardrail.kind === 'business-proxy' ? { ...guardrail, ifUndecided } : guardrail,
      );
      return { weight, policy: { ...policy, confidence, guardrails } };
    }),
  };
}

/** The policy of the shipped templates, and what becomes of a stricter and of a laxer one. */
export const journeyPlans: readonly JourneyPlan[] = [
  plan('steps', 'confidence 0.8 and `pass`, at the last step 0.95 and `hold`', (isLast) => ({
    confidence: isLast ? 0.95 : 0.8,
    ifUndecided: isLast ? 'hold' : 'pass',
  })),
  plan('strict', 'confidence 0.95 and `hold` at every step', () => ({
    confidence: 0.95,
    ifUndecided: 'hold',
  })),
  plan('pass-everywhere', 'confidence 0.8, at the last step 0.95, and `pass` at every step', (isLast) => ({
    confidence: isLast ? 0.95 : 0.8,
    ifUndecided: 'pass',
  })),
];

const faulty =
  (rates: Partial<ArmRates>, fromWeight = 0) =>
  (): World => {
    const fault = { ...healthy, ...rates };
    return (_, weight) => ({ canary: weight >= fromWeight ? fault : healthy, stable: healthy });
  };

export const journeyScenarios: readonly JourneyScenario[] = [
  { name: 'healthy', title: 'healthy', right: 'promote', begin: faulty({}) },
  { name: 'errors-2', title: '2 % errors', right: 'rollback', begin: faulty({ errorRate: 0.02 }) },
  {
    name: 'errors-2-from-25',
    title: '2 % errors from 25 % on',
    right: 'rollback',
    begin: faulty({ errorRate: 0.02 }, 0.25),
  },
  {
    name: 'p99-900-from-50',
    title: 'p99 900 ms from 50 % on',
    right: 'rollback',
    begin: faulty({ p99Ms: 900 }, 0.5),
  },
  { name: 'proxy-5', title: 'proxy −5 %', right: 'rollback', begin: faulty({ acceptance: 0.57 }) },
  { name: 'proxy-10', title: 'proxy −10 %', right: 'rollback', begin: faulty({ acceptance: 0.54 }) },
];
