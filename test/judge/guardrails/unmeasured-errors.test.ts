import assert from 'node:assert/strict';
import { observationsToFile, parseObservations } from '../../../src/domain/observations-file.js';
import type { ArmCounts, Observations } from '../../../src/domain/observations.js';
import { defaultPolicy, judge } from '../../../src/judge/index.js';
import { rollout, times } from '../../support/rollouts.js';
import { valueOf } from '../../support/value-of.js';

const measured = rollout(times(60, { canary: { requests: 1000 }, stable: { requests: 9000 } }));

function withoutErrors(arm: ArmCounts | undefined): ArmCounts | undefined {
  return arm === undefined ? undefined : { ...arm, errors: 0, errorsUnmeasured: true };
}

const unmeasured: Observations = {
  ...measured,
  looks: measured.looks.map(({ canary, stable, ...look }) => ({
    ...look,
    ...(canary === undefined ? {} : { canary: withoutErrors(canary) ?? canary }),
    ...(stable === undefined ? {} : { stable: withoutErrors(stable) ?? stable }),
  })),
};

describe('errors that nobody tells', () => {
  it('are not taken for none: the guardrail holds and says why', () => {
    const [errorRate] = judge(defaultPolicy(), unmeasured).guardrails.filter(
      ({ kind }) => kind === 'error-rate',
    );
    assert.equal(errorRate?.verdict, 'hold');
    assert.equal(errorRate.literalVerdict, 'hold');
    assert.equal(errorRate.reasonCode, 'no-data');
    assert.equal(errorRate.estimate, null);
    assert.match(errorRate.reason, /nothing tells which of them failed/);
    assert.notEqual(judge(defaultPolicy(), unmeasured).verdict, 'promote');
  });

  it('make another document than errors that were counted as zero', () => {
    assert.notEqual(judge(defaultPolicy(), unmeasured).id, judge(defaultPolicy(), measured).id);
  });

  it('are absent in a file, in all looks or in none', () => {
    const file = observationsToFile(unmeasured);
    assert.equal(JSON.stringify(file).includes('"errors"'), false);
    assert.deepEqual(valueOf(parseObservations(file)), unmeasured);
    const [first, second, ...rest] = file.looks;
    assert.ok(first?.canary !== undefined && second !== undefined);
    const mixed = { ...file, looks: [{ ...first, canary: { ...first.canary, errors: 3 } }, second, ...rest] };
    const refused = parseObservations(mixed);
    assert.ok(!refused.ok);
    assert.equal(refused.errors[0]?.path, 'looks[0].stable.errors');
    assert.match(refused.errors[0].message, /missing; looks\[0\].canary.errors is there/);
  });
});
