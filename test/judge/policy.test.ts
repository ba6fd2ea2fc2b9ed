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
