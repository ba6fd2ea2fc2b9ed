import assert from 'node:assert/strict';
import { randomBinomial, randomNormal } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ArmCounts, Look, Observations } from '../../../src/domain/observations.js';
import { defaultPolicy, replay } from '../../../src/judge/index.js';
import { blameEvidence, type PairedTailCounts } from '../../../src/statistics/blame-evidence.js';
import { binomialQuantile } from '../../../src/statistics/binomial-quantile.js';
import { written } from '../../support/judging.js';
import { boundsMs, minuteMs, startMs } from '../../support/rollouts.js';

/** How many rollouts are simulated of each kind, and over how many looks. */
const runs = 24;
const looks = 16;

const weight = 0.1;
const requestsPerLook = 1500;

/** What both arms are like in one look. */
interface World {
  readonly errorRate: number;
  /** Share of requests above 500 ms. */
  readonly slowRate: number;
  /** Share of predictions in the upper half. */
  readonly upper: number;
  readonly acceptance: number;
}

const calm: World = { errorRate: 0.002, slowRate: 0.002, upper: 0.3, acceptance: 0.6 };

/** Changes that have nothing to do with the canary. */
const changes: Readonly<Record<string, (look: number, drift: number) => World>> = {
  'a rate of errors that wanders': (_, drift) => ({
    ...calm,
    errorRate: Math.min(0.2, 0.004 * Math.exp(drift)),
  }),
  'three minutes in which 30 % fail': (look) => ({
    ...calm,
    errorRate: look >= 8 && look < 11 ? 0.3 : 0.002,
  }),
  'slow minutes again and again': (look) => ({ ...calm, slowRate: look % 5 === 4 ? 0.15 : 0.002 }),
  'other predictions from the tenth minute on': (look) => ({ ...calm, upper: look < 10 ? 0.3 : 0.8 }),
  'fewer accepted from the tenth minute on': (look) => ({ ...calm, acceptance: look < 10 ? 0.6 : 0.3 }),
};

type Random = () => number;

/** Numbers from 0 to 1: a stretch of its own for every run. */
function generator(run: number): Random {
  const random = xoroshiro128plus(20260105);
  for (let jump = 0; jump < run; jump++) random.jump();
  return () => uniformFloat64(random);
}

function simulate(world: (look: number, drift: number) => World, run: number): Observations {
  const uniform = generator(run);
  const binomial = randomBinomial.source(uniform);
  const normal = randomNormal.source(uniform)(0, 0.5);
  const draw = (trials: number, chance: number) => (trials === 0 ? 0 : binomial(trials, chance)());
  const arm = (requests: number, { errorRate, slowRate, upper, acceptance }: World): ArmCounts => {
    const slow = draw(requests, slowRate);
    const above = draw(requests, upper);
    const accepted = draw(requests, acceptance);
    return {
      requests,
      errors: draw(requests, errorRate),
      latency: { boundsMs, counts: [requests - slow, 0, 0, 0, slow, 0] },
      predictions: new Map([
        ['default', { kind: 'scores', edges: [0.5], counts: [requests - above, above] }],
      ]),
      outcomes: new Map([['default', { count: requests, sum: accepted, sumOfSquares: accepted }]]),
    };
  };
  let drift = 0;
  return {
    model: 'm',
    canary: { version: 'v2' },
    stable: { version: 'v1' },
    before: [],
    looks: Array.from({ length: looks }, (_, look): Look => {
      drift += normal();
      const both = world(look, drift);
      const canary = draw(requestsPerLook, weight);
      return {
        startMs: startMs + look * minuteMs,
        endMs: startMs + (look + 1) * minuteMs,
        weight,
        canary: arm(canary, both),
        stable: arm(requestsPerLook - canary, both),
      };
    }),
  };
}

const relative = written({
  guardrails: [
    { name: 'error-ratio', kind: 'error-ratio' },
    { name: 'latency-ratio', kind: 'latency-ratio', quantile: 0.95 },
    { name: 'flagged', kind: 'decision-rate', above: 0.5 },
  ],
});

/** What is claimed of all guardrails together: 5 %, and a tenth of one guardrail's share for gross failures. */
const claimed = 0.05 * (1 + 0.1 / 4);

/** Blame of 20:1 at any look, the arms' errors alone: thousands of rollouts cost nothing. */
function everBlamed(world: (look: number, drift: number) => World, random: Random): boolean {
  const binomial = randomBinomial.source(random);
  const normal = randomNormal.source(random)(0, 0.5);
  const pairs: PairedTailCounts[] = [];
  let drift = 0;
  for (let look = 0; look < looks; look++) {
    drift += normal();
    const { errorRate } = world(look, drift);
    const canaryTrials = binomial(requestsPerLook, weight)();
    const stableTrials = requestsPerLook - canaryTrials;
    pairs.push({
      canaryTrials,
      stableTrials,
      canaryEvents: binomial(canaryTrials, errorRate)(),
      stableEvents: binomial(stableTrials, errorRate)(),
    });
    if (blameEvidence(pairs) >= Math.log(20)) return true;
  }
  return false;
}

describe('a change that both arms share', () => {
  it('is blamed on the canary at 20:1 in one rollout of twenty at most', () => {
    const many = 1500;
    const random = generator(0);
    for (const what of ['a rate of errors that wanders', 'three minutes in which 30 % fail']) {
      const world = changes[what];
      assert.ok(world !== undefined);
      let blamed = 0;
      for (let run = 0; run < many; run++) if (everBlamed(world, random)) blamed += 1;
      assert.ok(blamed <= Math.ceil(binomialQuantile(0.999, many, 0.05)), `${what}: ${blamed} of ${many}`);
    }
  });

  for (const [what, world] of Object.entries(changes)) {
    it(`is not blamed on the canary more often than claimed: ${what}`, () => {
      let rolledBack = 0;
      let relativelyRolledBack = 0;
      for (let run = 0; run < runs; run++) {
        const observations = simulate(world, run);
        if (everRolledBack(defaultPolicy(), observations)) rolledBack += 1;
        if (everRolledBack(relative, observations)) relativelyRolledBack += 1;
      }
      // More than this would happen by chance in one of a thousand simulations of a judge that keeps its word.
      const most = Math.ceil(binomialQuantile(0.999, runs, claimed));
      assert.ok(rolledBack <= most, `${rolledBack} of ${runs}, at most ${most}`);
      assert.ok(relativelyRolledBack <= most, `${relativelyRolledBack} of ${runs}, at most ${most}`);
    });
  }
});

function everRolledBack(policy: Parameters<typeof replay>[0], observations: Observations): boolean {
  for (const { verdict } of replay(policy, observations)) if (verdict === 'rollback') return true;
  return false;
}
