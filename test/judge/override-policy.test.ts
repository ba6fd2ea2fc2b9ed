import assert from 'node:assert/strict';
import {
  builtInPolicies,
  defaultPolicy,
  judge,
  overridePolicy,
  type PolicyOverrides,
} from '../../src/judge/index.js';
import { rollout, times } from '../support/rollouts.js';
import { errorsOf, pathsOf, valueOf } from '../support/value-of.js';

const policy = defaultPolicy();
const override = (overrides: PolicyOverrides, guardrail?: string) =>
  overridePolicy(policy, overrides, guardrail);
const settingsOf = (
  overrides: PolicyOverrides,
  name: string,
  guardrail?: string,
): Readonly<Record<string, unknown>> => {
  const found = valueOf(override(overrides, guardrail)).guardrails.find((one) => one.name === name);
  return { ...found };
};

describe('overriding a policy', () => {
  it('changes nothing where nothing is given, and takes an empty text as nothing', () => {
    assert.deepEqual(valueOf(override({})), policy);
    const empty = {
      confidence: '',
      mode: '',
      flat: { promoteBelow: '' },
      guardrails: { 'error-rate': { promoteBelow: '' } },
    };
    assert.deepEqual(valueOf(override(empty, 'error-rate')), policy);
    assert.deepEqual(valueOf(override({ flat: { promoteBelow: '', ifUndecided: '' } })), policy);
  });

  it('takes confidence and mode as texts or values', () => {
    assert.equal(valueOf(override({ confidence: '0.8' })).confidence, 0.8);
    assert.equal(valueOf(override({ confidence: '80%' })).confidence, 0.8);
    assert.equal(valueOf(override({ confidence: 0.99 })).confidence, 0.99);
    assert.equal(valueOf(override({ mode: 'threshold' })).mode, 'threshold');
  });

  it('changes the one guardrail that is named', () => {
    const changed = valueOf(override({ flat: { promoteBelow: '0.2%', ifUndecided: 'pass' } }, 'error-rate'));
    const [errorRate, ...others] = changed.guardrails;
    assert.deepEqual({ ...errorRate }, { ...policy.guardrails[0], promoteBelow: 0.002, ifUndecided: 'pass' });
    assert.deepEqual(others, policy.guardrails.slice(1));
  });

  it('changes guardrails by name, each kind in its own units', () => {
    const guardrails = {
      'latency-p99': { promoteBelow: '0.3s', rollbackAbove: 900, quantile: '95%', interpolation: 'linear' },
      'prediction-drift': { rollbackAbove: '0.3', bins: '20' },
      'business-proxy': {
        rollbackBelow: '-5%',
        outcome: 'hit-rate',
        required: 'true',
        minimumDuration: '10m',
      },
    };
    const latency = settingsOf({ guardrails }, 'latency-p99');
    assert.deepEqual(
      [latency['promoteBelow'], latency['rollbackAbove'], latency['quantile']],
      [300, 900, 0.95],
    );
    assert.equal(settingsOf({ guardrails }, 'prediction-drift')['bins'], 20);
    const proxy = settingsOf({ guardrails }, 'business-proxy');
    assert.deepEqual(
      [proxy['rollbackBelow'], proxy['promoteAbove'], proxy['required'], proxy['minimumDurationSeconds']],
      [-0.05, -0.01, true, 600],
    );
  });

  it('lets flat settings of the named guardrail come after those by name', () => {
    const both = {
      flat: { promoteBelow: '0.1%' },
      guardrails: { 'error-rate': { promoteBelow: '0.2%', rollbackAbove: '2%' } },
    };
    const settings = settingsOf(both, 'error-rate', 'error-rate');
    assert.deepEqual([settings['promoteBelow'], settings['rollbackAbove']], [0.001, 0.02]);
  });

  it('moves what follows from a limit with it: gross failure is ten times the new one', () => {
    const changed = valueOf(override({ flat: { promoteBelow: '10%', rollbackAbove: '20%' } }, 'error-rate'));
    const [settings] = changed.guardrails;
    assert.ok(settings !== undefined && !('grossAbove' in settings));
    const failing = rollout(times(4, { canary: { errors: 180 } }));
    assert.equal(judge(changed, failing, { guardrail: 'error-rate' }).verdict, 'hold');
  });

  it('does not change the policy that it began with', () => {
    const before = structuredClone(policy);
    valueOf(override({ confidence: 0.8, flat: { promoteBelow: '0.1%' } }, 'error-rate'));
    assert.deepEqual(policy, before);
  });

  describe('refuses, with the path as the request has it,', () => {
    for (const [what, overrides, guardrail, expectedPath, message] of [
      ['a confidence of 1', { confidence: '1' }, undefined, 'confidence', 'at least 0.5 and below 1'],
      [
        'another mode',
        { mode: 'observe' },
        undefined,
        'mode',
        'expected "evidence" or "threshold", got "observe"',
      ],
      [
        'a bare rate',
        { flat: { promoteBelow: '0.5' } },
        'error-rate',
        'promoteBelow',
        'write "0.5%" for 0.5 percent or "50%"',
      ],
      [
        'a mistyped setting',
        { flat: { promoteBelw: '1%' } },
        'error-rate',
        'promoteBelw',
        'did you mean "promoteBelow"?',
      ],
      [
        'a setting without its guardrail',
        { flat: { promoteBelow: '1%' } },
        undefined,
        'promoteBelow',
        'guardrails: {"<name>": {"promoteBelow": …}}',
      ],
      ['another name', { flat: { name: 'x' } }, 'error-rate', 'name', 'cannot be changed by a request'],
      [
        'another kind',
        { guardrails: { 'error-rate': { kind: 'business-proxy' } } },
        undefined,
        'guardrails.error-rate.kind',
        'cannot be changed by a request',
      ],
      [
        'an unknown guardrail',
        { guardrails: { 'eror-rate': {} } },
        undefined,
        'guardrails.eror-rate',
        'has no such guardrail; did you mean "error-rate"?',
      ],
      [
        'settings that are none',
        { guardrails: { 'error-rate': '1%' } },
        undefined,
        'guardrails.error-rate',
        'expected an object of settings, got "1%"',
      ],
      [
        'a wrong value by name',
        { guardrails: { 'business-proxy': { ifUndecided: 'promote' } } },
        undefined,
        'guardrails.business-proxy.ifUndecided',
        'one of "hold", "pass"',
      ],
      [
        'a mistyped setting by name',
        { guardrails: { 'business-proxy': { ifUndecidd: 'pass' } } },
        undefined,
        'guardrails.business-proxy.ifUndecidd',
        'did you mean "ifUndecided"?',
      ],
      ['limits the wrong way round', { flat: { promoteBelow: '2%' } }, 'error-rate', 'promoteBelow', '0.01'],
      [
        'limits the wrong way round by name',
        { guardrails: { 'error-rate': { rollbackAbove: '0.1%' } } },
        undefined,
        'guardrails.error-rate.rollbackAbove',
        'rollbackAbove more than promoteBelow, got 0.001 and 0.005',
      ],
    ] as const) {
      it(what, () => {
        const errors = errorsOf(override(overrides, guardrail));
        assert.deepEqual(
          errors.map((error) => error.path),
          [expectedPath],
        );
        assert.ok(errors[0]?.message.includes(message), errors[0]?.message);
      });
    }

    it('everything that is wrong at once', () => {
      const overrides = {
        confidence: 2,
        mode: 'x',
        guardrails: { 'error-rate': { promoteBelow: '0.5' }, nothing: {} },
      };
      assert.deepEqual(pathsOf(override(overrides)), [
        'confidence',
        'mode',
        'guardrails.nothing',
        'guardrails.error-rate.promoteBelow',
      ]);
    });

    it('the mode where the policy has a window for the other one', () => {
      const plainLoop = builtInPolicies.get('plain-loop') ?? policy;
      const errors = errorsOf(overridePolicy(plainLoop, { mode: 'evidence' }));
      assert.ok(errors.length > 0);
      for (const { path } of errors) assert.equal(path, 'mode');
    });
  });
});
