import assert from 'node:assert/strict';
import type { ArmCounts, Observations } from '../../../src/domain/observations.js';
import { populationStabilityIndex } from '../../../src/statistics/population-stability-index.js';
import { sum } from '../../../src/statistics/sums.js';
import { Draw } from '../../support/simulation/draw.js';
import { latencyShares } from './latency-shares.js';
import { predictionShares, shiftWithPsi } from './prediction-shares.js';
import { stream } from './run-scenario.js';
import { scenarioNamed } from './scenarios.js';
import { beforeLooks } from './simulation.js';

function observed(name: string, rate = 50, run = 0): Observations {
  const last = [...stream(scenarioNamed(name), rate, run)].at(-1);
  assert.ok(last);
  return last;
}

interface Totals {
  readonly requests: number;
  readonly errors: number;
  readonly slow: number;
  readonly predictions: readonly number[];
  readonly outcomes: number;
  readonly accepted: number;
}

function totals(arms: readonly (ArmCounts | undefined)[]): Totals {
  const given = arms.filter((arm) => arm !== undefined);
  const total = (figure: (arm: ArmCounts) => number) => sum(given.map(figure));
  const predictions = given.map((arm) => arm.predictions.get('default')?.counts ?? []);
  return {
    requests: total((arm) => arm.requests),
    errors: total((arm) => arm.errors),
    slow: total(({ latency }) => sum(latency?.counts.slice(3) ?? [])),
    predictions: Array.from({ length: 10 }, (_, bin) => sum(predictions.map((counts) => counts[bin] ?? 0))),
    outcomes: total((arm) => arm.outcomes.get('default')?.count ?? 0),
    accepted: total((arm) => arm.outcomes.get('default')?.sum ?? 0),
  };
}

const canaryOf = ({ looks }: Observations) => totals(looks.map((look) => look.canary));
const stableOf = ({ looks }: Observations) => totals(looks.map((look) => look.stable));

/** Fails where a count is further from its expectation than chance takes it once in a few million times. */
function assertNear(count: number, trials: number, chance: number, what: string): void {
  const deviation = Math.sqrt(trials * chance * (1 - chance));
  const off = Math.abs(count - trials * chance) / deviation;
  assert.ok(off < 5, `${what}: ${count} of ${trials}, expected ${trials * chance}`);
}

describe('the simulator', () => {
  it('draws healthy versions with the rates that it tells of', () => {
    const observations = observed('healthy');
    const [canary, stable] = [canaryOf(observations), stableOf(observations)];
    assertNear(canary.requests, canary.requests + stable.requests, 0.05, 'share of the canary');
    assert.ok(Math.abs(canary.requests + stable.requests - 180_000) < 5 * Math.sqrt(180_000));
    for (const arm of [canary, stable]) {
      assertNear(arm.errors, arm.requests, 0.003, 'errors');
      assertNear(arm.slow, arm.requests, sum(latencyShares(150).slice(3)), 'slower than 200 ms');
      assertNear(arm.accepted, arm.outcomes, 0.6, 'accepted');
      assert.equal(arm.outcomes, arm.requests - arm.errors);
      assert.equal(sum(arm.predictions), arm.requests - arm.errors);
      for (const bin of arm.predictions) assertNear(bin, sum(arm.predictions), 0.1, 'bin');
    }
  });

  it('puts the stable version alone before the canary, with all the traffic', () => {
    const { before, looks } = observed('healthy');
    assert.equal(before.length, beforeLooks);
    assert.equal(before.at(-1)?.endMs, looks[0]?.startMs);
    const { requests } = totals(before.map((look) => look.stable));
    assert.ok(Math.abs(requests - 90_000) < 5 * Math.sqrt(90_000));
  });

  it('gives the faults their size', () => {
    const errors = canaryOf(observed('errors-2'));
    assertNear(errors.errors, errors.requests, 0.02, 'errors');
    const slow = canaryOf(observed('p99-700'));
    assertNear(slow.slow, slow.requests, sum(latencyShares(700).slice(3)), 'slower than 200 ms');
    const proxy = canaryOf(observed('proxy-10'));
    assertNear(proxy.accepted, proxy.outcomes, 0.54, 'accepted');
    const drifted = predictionShares(shiftWithPsi(0.25));
    assert.ok(Math.abs(populationStabilityIndex(drifted, predictionShares()) - 0.25) < 1e-9);
    const drift = canaryOf(observed('psi-025'));
    drift.predictions.forEach((count, bin) => {
      assertNear(count, sum(drift.predictions), drifted[bin] ?? 0, 'bin');
    });
    assert.equal(stableOf(observed('healthy-without-proxy')).outcomes, 0);
  });

  it('has a p99 of what it says', () => {
    // Lognormal with sigma 1: 1 % lie above the 99th percentile, wherever a bound happens to be.
    assert.ok(Math.abs(sum(latencyShares(200).slice(3)) - 0.01) < 1e-12);
    assert.ok(Math.abs(sum(latencyShares(500).slice(4)) - 0.01) < 1e-12);
  });

  it('begins late faults late, and raises the weight with them', () => {
    const { looks } = observed('second-stage');
    const healthyPart = totals(looks.slice(0, 20).map((look) => look.canary));
    const faultyPart = totals(looks.slice(20).map((look) => look.canary));
    assertNear(healthyPart.errors, healthyPart.requests, 0.003, 'errors before');
    assertNear(faultyPart.errors, faultyPart.requests, 0.02, 'errors after');
    assert.deepEqual(new Set(looks.map((look) => look.weight)), new Set([0.05, 0.25]));
  });

  it('hits both versions in a shared incident, for three looks', () => {
    const failing = observed('shared-incident').looks.map(({ canary, stable }) =>
      [canary, stable].map((arm) => (arm?.errors ?? 0) / (arm?.requests ?? 1) > 0.1),
    );
    assert.equal(failing.filter(([canary]) => canary).length, 3);
    assert.equal(failing.filter(([canary, stable]) => canary !== stable).length, 0);
  });

  it('keeps the predictions of a session together, or deals them out', () => {
    const whole = observed('sessions').looks.map((look) => look.canary);
    assert.ok(totals(whole).predictions.every((count) => count % 5 === 0));
    const dealt = observed('sessions-routed-singly').looks;
    const both = dealt.flatMap(({ canary, stable }) => {
      const counts = [canary, stable].map((arm) => arm?.predictions.get('default')?.counts ?? []);
      return (counts[0] ?? []).map((count, bin) => count + (counts[1]?.[bin] ?? 0));
    });
    assert.ok(both.every((count) => count % 5 === 0));
    assert.ok(totals(dealt.map((look) => look.canary)).predictions.some((count) => count % 5 !== 0));
  });

  it('gives bursts the correlation asked for', () => {
    // With a correlation of r the variance of a look's errors is n p (1 - p) (1 + (n - 1) r).
    const draw = new Draw('bursts');
    const shares = Array.from({ length: 4000 }, () => draw.correlatedRate(0.3, 0.1));
    const mean = sum(shares) / shares.length;
    const variance = sum(shares.map((share) => (share - mean) ** 2)) / shares.length;
    assert.ok(Math.abs(mean - 0.3) < 0.01, String(mean));
    assert.ok(Math.abs(variance - 0.021) < 0.002, String(variance));
  });

  it('asks the same ten of 200 users all the time where users are sticky', () => {
    const observations = observed('sticky-users', 500);
    const [canary, stable] = [canaryOf(observations), stableOf(observations)];
    const shares = (arm: Totals) => arm.predictions.map((count) => count / sum(arm.predictions));
    // Far more apart than chance could take them: 9 (1/N + 1/M) is below 0.0002 here.
    assert.ok(populationStabilityIndex(shares(canary), shares(stable)) > 0.005);
    assert.deepEqual(observed('sticky-users-declared').looks, observed('sticky-users').looks);
  });

  it('repeats a run exactly, and no other', () => {
    assert.deepEqual(observed('moving', 10, 3), observed('moving', 10, 3));
    assert.notDeepEqual(observed('moving', 10, 3).looks, observed('moving', 10, 4).looks);
  });
});
