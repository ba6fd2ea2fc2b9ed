import assert from 'node:assert/strict';
import {
  builtInPolicies,
  defaultPolicy,
  judge,
  overridePolicy,
  type PolicyOverrides,
} from '../../src/judge/index.js';
import { rollout, times } from '../support/rollouts.js';
import { written } from '../support/judging.js';
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

describe('overriding the settings of every kind', () => {
  const all = written({
    guardrails: [
      { name: 'error-ratio', kind: 'error-ratio' },
      { name: 'latency-ratio', kind: 'latency-ratio' },
      { name: 'flagged', kind: 'decision-rate', above: 0.8 },
      { name: 'cats', kind: 'decision-rate', label: 'cat' },
      {
        name: 'against-training',
        kind: 'prediction-drift',
        promoteBelow: 0.1,
        rollbackAbove: 0.2,
        reference: { edges: [0.5], counts: [400, 600] },
      },
      {
        name: 'proxy',
        kind: 'business-proxy',
        promoteAbove: '-1%',
        rollbackBelow: '-3%',
        maturity: '10m',
        ifUndecided: 'bounded',
      },
    ],
  });
  const changed = (name: string, flat: Readonly<Record<string, unknown>>) => {
    const found = valueOf(overridePolicy(all, { flat }, name)).guardrails.find((one) => one.name === name);
    return { ...found } as Readonly<Record<string, unknown>>;
  };
  const refused = (name: string, flat: Readonly<Record<string, unknown>>) =>
    errorsOf(overridePolicy(all, { flat }, name)).map(({ path, message }) => `${path}: ${message}`);

  it('changes nothing where a setting is given as it is', () => {
    for (const settings of all.guardrails) {
      assert.deepEqual(changed(settings.name, { required: String(settings.required) }), settings);
      const nested = { guardrails: { [settings.name]: { onBreach: settings.onBreach } } };
      assert.deepEqual(valueOf(overridePolicy(all, nested)), all);
    }
  });

  it('takes maturity and worstAbove as texts', () => {
    const proxy = changed('proxy', { maturity: '1h', worstAbove: '-20%' });
    assert.deepEqual([proxy['maturitySeconds'], proxy['worstAbove']], [3600, -0.2]);
    assert.equal(changed('proxy', { worstAbove: '-20%' })['maturitySeconds'], 600);
    assert.equal(changed('proxy', { maturity: '0' })['maturitySeconds'], 0);
    assert.equal('maturity' in proxy, false);
  });

  it('takes ratios, quantiles, cuts and labels as texts', () => {
    const errors = changed('error-ratio', { promoteBelow: '1.5', rollbackAbove: '3' });
    assert.deepEqual([errors['promoteBelow'], errors['rollbackAbove']], [1.5, 3]);
    assert.equal(changed('latency-ratio', { quantile: '95%' })['quantile'], 0.95);
    assert.equal(changed('flagged', { above: '0.9' })['above'], 0.9);
    assert.equal(changed('cats', { label: 'dog' })['label'], 'dog');
    assert.equal(changed('cats', { promoteBelow: '10%', label: '' })['label'], 'cat');
    assert.equal(changed('flagged', { output: 'score' })['output'], 'score');
  });

  it('takes another reference, of the request or the stable version', () => {
    assert.equal(changed('against-training', { reference: 'stable' })['reference'], 'stable');
    const reference = { labels: ['cat', 'dog'], counts: [1, 2, 3] };
    assert.deepEqual(changed('against-training', { reference })['reference'], reference);
    assert.deepEqual(changed('against-training', { bins: '20' })['reference'], {
      edges: [0.5],
      counts: [400, 600],
    });
  });

  for (const [what, name, flat, message] of [
    ['a bare maturity', 'proxy', { maturity: '60' }, 'maturity: expected a duration with its unit'],
    [
      'a bare worst case',
      'proxy',
      { worstAbove: '-0.2' },
      'worstAbove: expected a percentage: write "-0.2%"',
    ],
    [
      'a worst case that is no worse than the promote limit',
      'proxy',
      { worstAbove: '0%' },
      'worstAbove: expected less than promoteAbove beside ifUndecided: bounded, got 0 and -0.01',
    ],
    [
      'a promote limit below the worst case',
      'proxy',
      { promoteAbove: '-15%', rollbackBelow: '-20%' },
      'promoteAbove: expected less than promoteAbove beside ifUndecided: bounded, got -0.1 and -0.15',
    ],
    ['a cut that is no number', 'flagged', { above: '80%' }, 'above: expected a number such as "0.2"'],
    ['a label beside a cut', 'flagged', { label: 'fraud' }, 'either above (a score) or label, and not both'],
    ['a cut beside a label', 'cats', { above: '0.5' }, 'above: expected either above (a score) or label'],
    [
      'a reference that is none',
      'against-training',
      { reference: 'training' },
      'reference: expected "stable"',
    ],
    [
      'a reference with a count too few',
      'against-training',
      { reference: { edges: [0.5], counts: [1] } },
      'reference.counts: expected one entry more than there are edges',
    ],
    ['a ratio of 0', 'error-ratio', { promoteBelow: '0' }, 'promoteBelow: expected a ratio above 0'],
    ['ratios the wrong way round', 'error-ratio', { promoteBelow: '2.5' }, 'promoteBelow: expected a gap'],
    ['bounded of a ratio', 'error-ratio', { ifUndecided: 'bounded' }, 'ifUndecided: expected one of "hold"'],
  ] as const) {
    it(`refuses ${what}`, () => {
      const errors = refused(name, flat);
      assert.equal(errors.length, 1, errors.join('; '));
      assert.ok(errors[0]?.includes(message), errors[0]);
    });
  }

  it('reaches the verdict', () => {
    const observations = rollout(times(12, { canary: { errors: 1.6 } }));
    const ask = (flat: Readonly<Record<string, unknown>>) => {
      const policy = valueOf(overridePolicy(all, { flat }, 'error-ratio'));
      return judge(policy, observations, { guardrail: 'error-ratio' }).literalVerdict;
    };
    assert.deepEqual([{}, { promoteBelow: '1.7' }, { rollbackAbove: '1.5' }].map(ask), [
      'hold',
      'promote',
      'rollback',
    ]);
  });
});
