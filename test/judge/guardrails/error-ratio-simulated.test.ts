import assert from 'node:assert/strict';
import { randomBinomial } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ArmCounts, Look, Observations } from '../../../src/domain/observations.js';
import type { Verdict } from '../../../src/domain/verdict.js';
import { testRatio } from '../../../src/judge/guardrails/ratio-test.js';
import { judge } from '../../../src/judge/index.js';
import { buildTimeline } from '../../../src/judge/timeline.js';
import { written } from '../../support/judging.js';
import { minuteMs, startMs } from '../../support/rollouts.js';

/**
 * How often chance misleads the error ratio over an hour of one-minute looks that are all read, in small: the seeds are
 * fixed, so a failure is a change of the judge. `npm run bench:verdicts` does the same in the large.
 */

const policy = written({ warmUp: 0, guardrails: [{ name: 'errors', kind: 'error-ratio' }] });
const limits = { promoteBelow: 1.25, rollbackAbove: 2, twoSided: false };
const context = {
  policy,
  rollbackNeeded: Math.log(20),
  promoteNeeded: Math.log(20),
  routing: 'random' as const,
  outcomesByArrival: [],
};
const looksARun = 60;
const runsACell = 24;

interface Cell {
  readonly requestsPerSecond: number;
  readonly errorRate: number;
  readonly share: number;
  /** A fifth of the minutes has six times the errors of the others, in both versions. */
  readonly bursts: boolean;
}

const cells: readonly Cell[] = [
  { requestsPerSecond: 50, errorRate: 0.005, share: 0.05, bursts: false },
  { requestsPerSecond: 10, errorRate: 0.05, share: 0.25, bursts: true },
  { requestsPerSecond: 500, errorRate: 0.003, share: 0.05, bursts: true },
];

function simulate({ requestsPerSecond, errorRate, share, bursts }: Cell, ratio: number, seed: number) {
  const generator = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(generator);
  const binomial = randomBinomial.source(uniform);
  const arm = (part: number, rate: number): ArmCounts => {
    const requests = Math.round(requestsPerSecond * 60 * part);
    return { requests, errors: binomial(requests, rate)(), predictions: new Map(), outcomes: new Map() };
  };
  const looks = Array.from({ length: looksARun }, (_, i): Look => {
    const rate = errorRate * (bursts ? (uniform() < 0.2 ? 3 : 0.5) : 1);
    return {
      startMs: startMs + i * minuteMs,
      endMs: startMs + (i + 1) * minuteMs,
      weight: share,
      canary: arm(share, rate * ratio),
      stable: arm(1 - share, rate),
    };
  });
  const observations: Observations = {
    model: 'm',
    canary: { version: 'v2' },
    stable: { version: 'v1' },
    before: [],
    looks,
  };
  return observations;
}

/** Whether a verdict is ever given; the whole judge is asked where the evidence alone would give it. */
function everGiven(verdict: Verdict, observations: Observations): boolean {
  const timeline = buildTimeline(policy, observations);
  const pairs = observations.looks.map(({ canary, stable }) => ({
    canaryTrials: canary?.requests ?? 0,
    canaryEvents: canary?.errors ?? 0,
    stableTrials: stable?.requests ?? 0,
    stableEvents: stable?.errors ?? 0,
  }));
  for (let count = 2; count <= looksARun; count++) {
    const result = testRatio(
      { ...timeline, looks: timeline.looks.slice(0, count) },
      { pairs: pairs.slice(0, count), before: [], limits, promoteOnStage: true, leaveIncidentsOut: true },
      context,
    );
    const evidence = verdict === 'rollback' ? result.rollbackEvidence : result.promoteEvidence;
    if (evidence < Math.log(20)) continue;
    const upTo = { ...observations, looks: observations.looks.slice(0, count) };
    if (judge(policy, upTo).verdict === verdict) return true;
  }
  return false;
}

function countMisled(cell: Cell, ratio: number, wrong: Verdict, firstSeed: number): number {
  return Array.from({ length: runsACell }, (_, run) =>
    everGiven(wrong, simulate(cell, ratio, firstSeed + run)),
  ).filter((misled) => misled).length;
}

/** The smallest count that fewer than one in 1,000 binomial draws exceed. */
function mostByChance(trials: number, rate: number): number {
  let chance = (1 - rate) ** trials;
  let total = chance;
  let count = 0;
  while (total < 0.999) {
    chance *= ((trials - count) / (count + 1)) * (rate / (1 - rate));
    count += 1;
    total += chance;
  }
  return count;
}

describe('error ratio, simulated', () => {
  const runs = runsACell * cells.length;

  it('rolls a canary at the promote limit back in no more than 5 % of the hours', () => {
    const misled = cells.map((cell, i) => countMisled(cell, limits.promoteBelow, 'rollback', 1000 * i + 1));
    const most = mostByChance(runs, 0.05);
    assert.equal(most, 10);
    const total = misled.reduce((a, b) => a + b, 0);
    assert.ok(
      total <= most,
      `${total} of ${runs} (${misled.join(', ')}); at 5 % chance gives ${most} at most`,
    );
    for (const count of misled) assert.ok(count <= mostByChance(runsACell, 0.05), misled.join(', '));
  });

  it('promotes a canary at the rollback limit in no more than 5 % of the hours', () => {
    const misled = cells.map((cell, i) => countMisled(cell, limits.rollbackAbove, 'promote', 1000 * i + 501));
    const total = misled.reduce((a, b) => a + b, 0);
    const most = mostByChance(runs, 0.05);
    assert.ok(
      total <= most,
      `${total} of ${runs} (${misled.join(', ')}); at 5 % chance gives ${most} at most`,
    );
    for (const count of misled) assert.ok(count <= mostByChance(runsACell, 0.05), misled.join(', '));
  });

  it('finds four times the errors in every hour of every cell, bursts or not', () => {
    for (const [i, cell] of cells.entries()) {
      for (let seed = 1; seed <= 3; seed++) {
        assert.ok(everGiven('rollback', simulate(cell, 4, 9000 + 10 * i + seed)), JSON.stringify(cell));
      }
    }
  });
});
