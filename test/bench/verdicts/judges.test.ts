import assert from 'node:assert/strict';
import { defaultPolicy, judge } from '../../../src/judge/index.js';
import type { Verdict } from '../../../src/domain/verdict.js';
import { rollout, times, type LookRates } from '../../support/rollouts.js';
import { fiveStrikes } from './judges/five-strikes.js';
import { LookView, MinuteSeries, variant, type StreamJudge } from './judges/index.js';
import { oneMinute } from './judges/one-minute.js';
import { threshold } from './judges/threshold.js';
import { mannWhitneyCritical } from './judges/time-series.js';
import { runScenario, stream } from './run-scenario.js';
import { scenarioNamed } from './scenarios.js';

const policy = defaultPolicy();
const good: LookRates = {};
const bad: LookRates = { canary: { errors: 50 } };
const between: LookRates = { canary: { errors: 7 } };

/** What a judge says after each look. */
function said(
  { begin }: StreamJudge,
  looks: readonly LookRates[],
  stepOf: (index: number) => number = () => 0,
): Verdict[] {
  const observations = rollout(looks);
  const session = begin();
  const series = new MinuteSeries();
  return observations.looks.map((_, index) => {
    const soFar = { ...observations, looks: observations.looks.slice(0, index + 1) };
    return session(new LookView(soFar, policy, series, stepOf(index)));
  });
}

describe('the judges that ml-verdict is compared with', () => {
  it('one minute: says of each look what the table says of it alone', () => {
    assert.deepEqual(said(oneMinute, [good, bad, between, good]), ['promote', 'rollback', 'hold', 'promote']);
  });

  it('five strikes: rolls back with the fifth failed minute, however many good ones lie between', () => {
    const looks = [bad, good, bad, between, bad, good, bad, good, bad];
    assert.deepEqual(said(fiveStrikes, looks), [...times(8).map(() => 'hold'), 'rollback']);
  });

  it('five strikes: promotes with the fifth minute that is not failed', () => {
    const looks = [good, between, bad, good, good, good];
    assert.deepEqual(said(fiveStrikes, looks), ['hold', 'hold', 'hold', 'hold', 'hold', 'promote']);
  });

  it('five strikes: counts good minutes anew at each step, and strikes on', () => {
    const looks = [good, good, good, good, bad, good, bad, bad, bad, bad];
    assert.deepEqual(said(fiveStrikes, looks, (look) => (look < 5 ? 0 : 1)).at(-1), 'rollback');
    assert.ok(
      !said(fiveStrikes, [...looks.slice(0, 6), good], (look) => (look < 5 ? 0 : 1)).includes('promote'),
    );
  });

  it('Mann-Whitney: is silent for four minutes, at each step', () => {
    const verdicts = said(mannWhitneyCritical, times(10, good), (look) => (look < 5 ? 0 : 1));
    assert.deepEqual(
      verdicts.map((verdict) => verdict === 'hold'),
      [...[true, true, true, true, false], ...[true, true, true, true, false]],
    );
  });

  it('threshold: says what the production judge says in threshold mode', () => {
    const thresholdMode = { ...policy, mode: 'threshold' as const };
    for (const name of ['healthy', 'errors-2', 'grey-zone', 'shared-drift', 'sticky-users-declared']) {
      const scenario = scenarioNamed(name);
      const session = threshold.begin();
      const series = new MinuteSeries();
      let look = 0;
      for (const observations of stream(scenario, 10, 0)) {
        look += 1;
        // Every look costs two judgements: the first ones and some later ones are enough.
        if (look > 4 && look % 20 !== 0) continue;
        assert.equal(
          session(new LookView(observations, policy, series)),
          judge(thresholdMode, observations).verdict,
          `${name}, look ${look}`,
        );
      }
    }
  });

  it('a variant judges the same streams with another policy', () => {
    const scenario = scenarioNamed('errors-2');
    const patient = variant('patient', (inForce) => ({ ...inForce, falseRollback: 1e-6 }));
    const outcomes = runScenario(scenario, 50, 0, [variant('same', (inForce) => inForce), patient]);
    const [same, slower] = [outcomes.get('same'), outcomes.get('patient')];
    assert.equal(same?.first, 'rollback');
    assert.equal(slower?.first, 'rollback');
    assert.ok((slower.minute ?? 0) > (same.minute ?? 0));
  });
});
