import assert from 'node:assert/strict';
import { parsePolicy, policySchema } from '../../src/judge/index.js';
import { grossRate } from '../../src/judge/guardrails/error-rate.js';
import { edited } from '../support/edited.js';
import { errorsOf, pathsOf, valueOf } from '../support/value-of.js';

const policy = {
  mode: 'evidence',
  confidence: 0.95,
  falseRollback: 0.05,
  warmUp: '2m',
  guardrails: [
    { name: 'error-rate', kind: 'error-rate', promoteBelow: '0.5%', rollbackAbove: '1%' },
    { name: 'p99', kind: 'latency-quantile', quantile: 0.99, promoteBelow: '200ms', rollbackAbove: '500ms' },
    {
      name: 'drift',
      kind: 'prediction-drift',
      promoteBelow: 0.1,
      rollbackAbove: 0.2,
      bins: 10,
      reference: 'stable',
    },
    { name: 'proxy', kind: 'business-proxy', promoteAbove: '-1%', rollbackBelow: '-3%' },
  ],
};

const parse = (path: string, value: unknown) => parsePolicy(edited(policy, path, value), 'mine');

describe('reading a policy', () => {
  it('gives every setting in its unit, with the defaults', () => {
    const read = valueOf(parsePolicy({ ...policy, window: undefined }, 'mine'));
    assert.deepEqual(read, {
      name: 'mine',
      mode: 'evidence',
      confidence: 0.95,
      falseRollback: 0.05,
      warmUpSeconds: 120,
      warmUpAfterWeightSeconds: 60,
      staleAfterSeconds: 300,
      sharedIncident: 'hold',
      horizonLooks: 1440,
      gateMargin: { rollback: 1.645, promote: 0 },
      guardrails: [
        {
          ...common('error-rate', 'error-rate'),
          promoteBelow: 0.005,
          rollbackAbove: 0.01,
        },
        {
          ...common('p99', 'latency-quantile'),
          quantile: 0.99,
          promoteBelow: 200,
          rollbackAbove: 500,
          interpolation: 'exponential',
        },
        {
          ...common('drift', 'prediction-drift'),
          promoteBelow: 0.1,
          rollbackAbove: 0.2,
          bins: 10,
          reference: 'stable',
          output: 'default',
        },
        {
          ...common('proxy', 'business-proxy'),
          required: 'auto',
          promoteAbove: -0.01,
          rollbackBelow: -0.03,
          betterWhen: 'higher',
          outcome: 'default',
          worstAbove: -0.1,
          maturitySeconds: 0,
        },
      ],
    });
  });

  it('takes percentages, durations and numbers also as texts', () => {
    const read = valueOf(
      parsePolicy(
        {
          confidence: '80%',
          falseRollback: '1%',
          warmUp: '0',
          warmUpAfterWeight: '30s',
          staleAfter: '10m',
          horizonLooks: '60',
          gateMargin: { promote: '1' },
          guardrails: [
            { ...policy.guardrails[0], minimumDuration: '5m', required: 'true', grossAbove: '20%' },
          ],
        },
        'mine',
      ),
    );
    assert.equal(read.confidence, 0.8);
    assert.equal(read.falseRollback, 0.01);
    assert.equal(read.warmUpSeconds, 0);
    assert.equal(read.staleAfterSeconds, 600);
    assert.equal(read.horizonLooks, 60);
    assert.deepEqual(read.gateMargin, { rollback: 1.645, promote: 1 });
    assert.equal(read.guardrails[0]?.minimumDurationSeconds, 300);
    assert.equal(read.guardrails[0].required, true);
  });

  it('bounds the gross failure at a half, and above the rollback limit', () => {
    const gross = (rollbackAbove: number, grossAbove?: number) => {
      const given = grossAbove === undefined ? {} : { grossAbove };
      const guardrail = { name: 'e', kind: 'error-rate', promoteBelow: '0.1%', rollbackAbove, ...given };
      const [settings] = valueOf(parsePolicy({ guardrails: [guardrail] }, 'mine')).guardrails;
      assert.ok(settings?.kind === 'error-rate');
      return grossRate({ rollbackAbove, ...given });
    };
    assert.equal(gross(0.01), 0.1);
    assert.equal(gross(0.2), 0.5);
    assert.equal(gross(0.6), 0.6);
    assert.equal(gross(0.01, 0.3), 0.3);
    assert.equal(gross(0.4, 0.2), 0.4);
  });

  describe('refuses, with the path,', () => {
    for (const [what, path, value, expectedPath, message] of [
      ['a mistyped setting', 'confidense', 0.9, 'confidense', 'unknown field; did you mean "confidence"?'],
      ['another mode', 'mode', 'observe', 'mode', 'expected one of "evidence", "threshold", got "observe"'],
      ['a certain confidence', 'confidence', 1, 'confidence', 'at least 0.5 and below 1'],
      ['a coin as confidence', 'confidence', '40%', 'confidence', 'at least 0.5 and below 1'],
      [
        'a bare false rollback',
        'falseRollback',
        '0.05',
        'falseRollback',
        'write "0.05%" for 0.05 percent or "5%" for the fraction 0.05',
      ],
      ['a false rollback of 0', 'falseRollback', 0, 'falseRollback', 'got 0'],
      ['a bare duration', 'warmUp', '120', 'warmUp', 'such as "90s"'],
      ['half a look', 'horizonLooks', 1.5, 'horizonLooks', 'a whole number of looks'],
      ['a margin below 0', 'gateMargin', { rollback: -1 }, 'gateMargin.rollback', 'from 0 to 10'],
      ['a mistyped margin', 'gateMargin', { rolback: 1 }, 'gateMargin.rolback', 'did you mean "rollback"?'],
      ['another shared incident', 'sharedIncident', 'promote', 'sharedIncident', 'one of "hold", "rollback"'],
      ['no guardrails', 'guardrails', undefined, 'guardrails', 'missing; expected an array'],
      ['an empty list of guardrails', 'guardrails', [], 'guardrails', 'at least 1 entries'],
      [
        'a guardrail that is none',
        'guardrails[0]',
        'error-rate',
        'guardrails[0]',
        'an object with name, kind and thresholds, got "error-rate"',
      ],
      [
        'a guardrail without a kind',
        'guardrails[0].kind',
        undefined,
        'guardrails[0].kind',
        'known: "error-rate"',
      ],
      [
        'an unknown kind',
        'guardrails[2].kind',
        'prediction-drit',
        'guardrails[2].kind',
        'did you mean "prediction-drift"?',
      ],
      [
        'a mistyped threshold',
        'guardrails[0].promoteBelw',
        '1%',
        'guardrails[0].promoteBelw',
        'did you mean "promoteBelow"?',
      ],
      ['a setting of another kind', 'guardrails[0].bins', 10, 'guardrails[0].bins', 'unknown field'],
      [
        'a guardrail without a name',
        'guardrails[0].name',
        undefined,
        'guardrails[0].name',
        'missing; expected a text',
      ],
      [
        'a missing threshold',
        'guardrails[0].rollbackAbove',
        undefined,
        'guardrails[0].rollbackAbove',
        'missing; expected a percentage',
      ],
      [
        'a bare rate',
        'guardrails[0].promoteBelow',
        '0.5',
        'guardrails[0].promoteBelow',
        'write "0.5%" for 0.5 percent or "50%" for the fraction 0.5',
      ],
      ['an error rate of 0', 'guardrails[0].promoteBelow', 0, 'guardrails[0].promoteBelow', 'got 0'],
      ['a bare time', 'guardrails[1].promoteBelow', '200', 'guardrails[1].promoteBelow', 'such as "200ms"'],
      ['a quantile of 1', 'guardrails[1].quantile', 1, 'guardrails[1].quantile', 'got 1'],
      [
        'another interpolation',
        'guardrails[1].interpolation',
        'cubic',
        'guardrails[1].interpolation',
        'one of "exponential", "linear"',
      ],
      ['a PSI of 0', 'guardrails[2].promoteBelow', 0, 'guardrails[2].promoteBelow', 'a PSI above 0'],
      ['one bin', 'guardrails[2].bins', 1, 'guardrails[2].bins', 'from 2 to 100'],
      [
        'another reference',
        'guardrails[2].reference',
        'training',
        'guardrails[2].reference',
        'expected "stable", or a histogram: edges or labels, and counts, got "training"',
      ],
      [
        'a bare change',
        'guardrails[3].promoteAbove',
        '-0.01',
        'guardrails[3].promoteAbove',
        'write "-0.01%" for -0.01 percent or "-1%"',
      ],
      [
        'another direction',
        'guardrails[3].betterWhen',
        'bigger',
        'guardrails[3].betterWhen',
        'one of "higher", "lower"',
      ],
      ['another required', 'guardrails[3].required', 'never', 'guardrails[3].required', 'true or "auto"'],
      [
        'another ifUndecided',
        'guardrails[3].ifUndecided',
        'promote',
        'guardrails[3].ifUndecided',
        'one of "hold", "pass"',
      ],
      [
        'another onBreach',
        'guardrails[3].onBreach',
        'ignore',
        'guardrails[3].onBreach',
        'one of "rollback", "hold"',
      ],
      [
        'limits the wrong way round',
        'guardrails[0].rollbackAbove',
        '0.4%',
        'guardrails[0].rollbackAbove',
        'rollbackAbove more than promoteBelow, got 0.004 and 0.005',
      ],
      [
        'limits without a gap',
        'guardrails[1].rollbackAbove',
        '200ms',
        'guardrails[1].rollbackAbove',
        'rollbackAbove more than promoteBelow, got 200 and 200',
      ],
      [
        'changes the wrong way round',
        'guardrails[3].rollbackBelow',
        '1%',
        'guardrails[3].rollbackBelow',
        'rollbackBelow less than promoteAbove, got 0.01 and -0.01',
      ],
      [
        'two of one name',
        'guardrails[1].name',
        'error-rate',
        'guardrails[1].name',
        'expected every name once, got "error-rate" twice',
      ],
      ['a window in evidence mode', 'window', '5m', 'window', 'expected mode: threshold beside it'],
    ] as const) {
      it(what, () => {
        const errors = errorsOf(parse(path, value));
        assert.deepEqual(
          errors.map((error) => error.path),
          [expectedPath],
        );
        assert.ok(errors[0]?.message.includes(message), errors[0]?.message);
      });
    }

    it('what is no policy', () => {
      for (const value of [undefined, null, 'default', 7, []])
        assert.deepEqual(pathsOf(parsePolicy(value, 'x')), ['']);
    });

    it('with the place of the policy in its file', () => {
      const wrong = { ...policy, confidense: 1, guardrails: [{ kind: 'error-rte' }] };
      assert.deepEqual(pathsOf(parsePolicy(wrong, 'mine', 'policies.mine')), [
        'policies.mine.confidense',
        'policies.mine.guardrails[0].kind',
      ]);
    });
  });

  it('takes limits without a gap in threshold mode, and a window', () => {
    const guardrail = { name: 'e', kind: 'error-rate', promoteBelow: '1%', rollbackAbove: '1%' };
    const read = valueOf(parsePolicy({ mode: 'threshold', window: '5m', guardrails: [guardrail] }, 'x'));
    assert.equal(read.windowSeconds, 300);
  });

  it('has a schema that says the same of the whole', () => {
    assert.equal(policySchema.safeParse(policy).success, true);
    assert.equal(policySchema.safeParse({ ...policy, guardrails: [{ kind: 'weather' }] }).success, false);
  });
});

describe('reading the settings of every kind', () => {
  const one = (settings: Readonly<Record<string, unknown>>, general = {}) =>
    parsePolicy({ ...general, guardrails: [{ name: 'g', ...settings }] }, 'mine');
  const readOne = (settings: Readonly<Record<string, unknown>>) => valueOf(one(settings)).guardrails[0];

  it('gives ratios their defaults, and the quantile of the latency', () => {
    const limits = { promoteBelow: 1.25, rollbackAbove: 2 };
    assert.deepEqual(readOne({ kind: 'error-ratio' }), { ...common('g', 'error-ratio'), ...limits });
    assert.deepEqual(readOne({ kind: 'latency-ratio' }), {
      ...common('g', 'latency-ratio'),
      quantile: 0.99,
      ...limits,
    });
  });

  it('gives decision rates their defaults, and no cut that was not given', () => {
    const settings = { promoteBelow: 0.2, rollbackAbove: 0.5, output: 'default' };
    assert.deepEqual(readOne({ kind: 'decision-rate', above: '0.8' }), {
      ...common('g', 'decision-rate'),
      above: 0.8,
      ...settings,
    });
    assert.deepEqual(readOne({ kind: 'decision-rate', label: 'fraud', output: 'kind' }), {
      ...common('g', 'decision-rate'),
      label: 'fraud',
      ...settings,
      output: 'kind',
    });
    const zero = readOne({ kind: 'decision-rate', above: 0 });
    assert.ok(zero !== undefined && 'above' in zero && zero.above === 0);
  });

  it('takes ratios, changes, durations and quantiles also as texts', () => {
    assert.deepEqual(
      readOne({ kind: 'latency-ratio', promoteBelow: '1.1', rollbackAbove: '3', quantile: '95%' }),
      { ...common('g', 'latency-ratio'), quantile: 0.95, promoteBelow: 1.1, rollbackAbove: 3 },
    );
    const proxy = {
      kind: 'business-proxy',
      promoteAbove: '-1%',
      rollbackBelow: '-3%',
      worstAbove: '-20%',
      maturity: '2h',
      ifUndecided: 'bounded',
    };
    assert.deepEqual(readOne(proxy), {
      ...common('g', 'business-proxy'),
      required: 'auto',
      promoteAbove: -0.01,
      rollbackBelow: -0.03,
      betterWhen: 'higher',
      outcome: 'default',
      worstAbove: -0.2,
      maturitySeconds: 7200,
      ifUndecided: 'bounded',
    });
  });

  it('minds the order of worstAbove only where it is used', () => {
    const proxy = { kind: 'business-proxy', promoteAbove: '-20%', rollbackBelow: '-30%' };
    assert.equal(one(proxy).ok, true);
    assert.deepEqual(pathsOf(one({ ...proxy, ifUndecided: 'bounded' })), ['guardrails[0].worstAbove']);
  });

  describe('refuses, with the path,', () => {
    const drift = { kind: 'prediction-drift', promoteBelow: 0.1, rollbackAbove: 0.2 };
    const proxy = { kind: 'business-proxy', promoteAbove: '-1%', rollbackBelow: '-3%' };
    for (const [what, settings, field, message] of [
      ['a ratio of 0', { kind: 'error-ratio', promoteBelow: 0 }, 'promoteBelow', 'a ratio above 0 such as 2'],
      ['a negative ratio', { kind: 'error-ratio', rollbackAbove: '-2' }, 'rollbackAbove', 'a ratio above 0'],
      [
        'a ratio in percent',
        { kind: 'latency-ratio', promoteBelow: '125%' },
        'promoteBelow',
        'such as "0.2"',
      ],
      [
        'ratios the wrong way round',
        { kind: 'error-ratio', promoteBelow: 3 },
        'rollbackAbove',
        'rollbackAbove more than promoteBelow, got 2 and 3',
      ],
      [
        'ratios without a gap',
        { kind: 'latency-ratio', promoteBelow: 2 },
        'rollbackAbove',
        'rollbackAbove more than promoteBelow, got 2 and 2',
      ],
      ['a quantile of a ratio above 1', { kind: 'latency-ratio', quantile: 99 }, 'quantile', 'got 99'],
      ['a bin count of a ratio', { kind: 'error-ratio', bins: 10 }, 'bins', 'unknown field'],
      [
        'a decision that is neither a cut nor a label',
        { kind: 'decision-rate' },
        'above',
        'either above (a score) or label, and not both',
      ],
      [
        'a decision that is both',
        { kind: 'decision-rate', above: 0.5, label: 'fraud' },
        'above',
        'either above (a score) or label, and not both',
      ],
      ['a cut that is no number', { kind: 'decision-rate', above: 'high' }, 'above', 'such as "0.2"'],
      ['an empty label', { kind: 'decision-rate', label: '' }, 'label', 'not empty'],
      [
        'a bare change of a decision',
        { kind: 'decision-rate', above: 0.5, promoteBelow: '0.2' },
        'promoteBelow',
        'write "0.2%" for 0.2 percent or "20%"',
      ],
      [
        'a decision that may not change at all',
        { kind: 'decision-rate', above: 0.5, promoteBelow: 0 },
        'promoteBelow',
        'a relative change above 0 %',
      ],
      [
        'changes of a decision the wrong way round',
        { kind: 'decision-rate', above: 0.5, promoteBelow: '60%' },
        'rollbackAbove',
        'rollbackAbove more than promoteBelow, got 0.5 and 0.6',
      ],
      [
        'bounded where it means nothing',
        { kind: 'error-ratio', ifUndecided: 'bounded' },
        'ifUndecided',
        'one of',
      ],
      ['bounded drift', { ...drift, ifUndecided: 'bounded' }, 'ifUndecided', 'one of "hold", "pass"'],
      ['a bare worst case', { ...proxy, worstAbove: '-0.1' }, 'worstAbove', 'write "-0.1%"'],
      ['a worst case below -100 %', { ...proxy, worstAbove: '-120%' }, 'worstAbove', '-100 % or more'],
      [
        'a worst case that is no worse than the promote limit',
        { ...proxy, ifUndecided: 'bounded', worstAbove: '-1%' },
        'worstAbove',
        'expected less than promoteAbove beside ifUndecided: bounded, got -0.01 and -0.01',
      ],
      ['a bare maturity', { ...proxy, maturity: '600' }, 'maturity', 'such as "90s", "2m" or "1h"'],
      ['a negative maturity', { ...proxy, maturity: -1 }, 'maturity', '0 or more'],
      ['a maturity of a ratio', { kind: 'error-ratio', maturity: '1m' }, 'maturity', 'unknown field'],
      ['a mistyped worst case', { ...proxy, worstAbov: '-10%' }, 'worstAbov', 'did you mean "worstAbove"?'],
    ] as const) {
      it(what, () => {
        const errors = errorsOf(one(settings));
        assert.deepEqual(
          errors.map((error) => error.path),
          [`guardrails[0].${field}`],
        );
        assert.ok(errors[0]?.message.includes(message), errors[0]?.message);
      });
    }
  });

  it('takes limits of ratios and decisions without a gap in threshold mode', () => {
    const general = { mode: 'threshold' };
    for (const settings of [
      { kind: 'error-ratio', promoteBelow: 1.5, rollbackAbove: 1.5 },
      { kind: 'decision-rate', above: 0.5, promoteBelow: '50%', rollbackAbove: '50%' },
    ]) {
      assert.equal(one(settings, general).ok, true, settings.kind);
      assert.equal(one(settings).ok, false, settings.kind);
    }
  });
});

function common(name: string, kind: string) {
  return {
    name,
    kind,
    ifUndecided: 'hold',
    required: true,
    onBreach: 'rollback',
    minimumDurationSeconds: 0,
  } as const;
}
