import assert from 'node:assert/strict';
import { defaultPolicy, judge, overridePolicy, parsePolicy } from '../../src/judge/index.js';
import { errorsOf, valueOf } from '../support/value-of.js';
import { rollout, times, type LookRates } from '../support/rollouts.js';

const guardrailOf = (looks: readonly LookRates[], name: string, policy = defaultPolicy()) => {
  const found = judge(policy, rollout(looks)).guardrails.find((one) => one.name === name);
  assert.ok(found !== undefined);
  return found;
};

describe('the figure that is told is the one that decided', () => {
  it('of a rollback: the window of both versions', () => {
    const calm = times(10, { weight: 0.05, canary: { errors: 1 }, stable: { errors: 9 } });
    const bad = times(6, { weight: 0.25, canary: { errors: 300 }, stable: { errors: 18 } });
    const { verdict, reason } = guardrailOf([...calm, ...bad], 'error-rate');
    assert.equal(verdict, 'rollback');
    assert.match(reason, /30 % of the canary's requests failed in the latest looks that stand out/);
    assert.match(reason, /the stable version fails 0\.2 %/);
  });

  it('of a promote after a change of weight: the present stage', () => {
    const earlier = times(8, { weight: 0.0323, canary: { requests: 300, errors: 1 } });
    const now = times(8, { weight: 0.1, canary: { errors: 0 } });
    const document = judge(defaultPolicy(), rollout([...earlier, ...now]), { guardrail: 'error-rate' });
    assert.equal(document.verdict, 'promote');
    assert.match(document.measurement[2], /errors 0 % at this weight < 0\.5 %/);
  });

  it('never reads as if a number were beyond itself', () => {
    const { reason } = guardrailOf(times(12, { canary: { requests: 10_000, errors: 100.4 } }), 'error-rate');
    assert.match(reason, /1\.004? %|1 %/);
    const document = judge(
      defaultPolicy(),
      rollout(times(12, { canary: { requests: 10_000, errors: 100.4 } })),
      {
        guardrail: 'error-rate',
      },
    );
    assert.match(document.measurement[2], /errors 1\.004 % > 1 %/);
  });

  it('counts the canary as it is, without the pseudo-counts of the PSI', () => {
    const looks = times(4, { canary: { requests: 6, predictions: [0, 0.5, 0.25, 0.25] } });
    const { details } = guardrailOf(looks, 'prediction-drift');
    assert.match(JSON.stringify(details['topBins']), /"canary":0,/);
  });
});

describe('a proven breach on hold', () => {
  it('is what the combined measurement names, not the guardrail that merely waits', () => {
    const policy = valueOf(
      overridePolicy(defaultPolicy(), { guardrails: { 'prediction-drift': { onBreach: 'hold' } } }),
    );
    const looks = times(8, { canary: { predictions: [0.1, 0.15, 0.3, 0.45] } });
    const document = judge(policy, rollout(looks));
    assert.equal(document.verdict, 'hold');
    assert.match(document.measurement[2], /^prediction-drift: PSI .* proven, on hold by policy$/);
  });
});

describe('what is still needed', () => {
  it('is told in the first look after a change of weight too', () => {
    const looks = [...times(6, { weight: 0.05, canary: { requests: 100 } }), { weight: 0.25 }];
    for (const name of ['business-proxy', 'error-rate']) {
      const { etaSeconds, reason } = guardrailOf(looks, name);
      assert.notEqual(etaSeconds, null, reason);
    }
  });
});

describe('settings that would turn a test round', () => {
  for (const [what, guardrail, path] of [
    [
      'a gross limit of 99 %',
      { kind: 'error-rate', promoteBelow: '1%', rollbackAbove: '2%', grossAbove: '99%' },
      'grossAbove',
    ],
    ['limits above 90 %', { kind: 'error-rate', promoteBelow: '96%', rollbackAbove: '98%' }, 'promoteBelow'],
    [
      'a quantile of 1 %',
      { kind: 'latency-quantile', quantile: 0.01, promoteBelow: 200, rollbackAbove: 500 },
      'quantile',
    ],
  ] as const) {
    it(`are refused: ${what}`, () => {
      const errors = errorsOf(parsePolicy({ guardrails: [{ name: 'g', ...guardrail }] }, 'p'));
      assert.equal(errors[0]?.path, `guardrails[0].${path}`);
    });
  }

  it('take the most extreme limits that are left without harm to a canary without errors', () => {
    const raw = { name: 'e', kind: 'error-rate', promoteBelow: 0.88, rollbackAbove: 0.89, grossAbove: 0.89 };
    const policy = valueOf(parsePolicy({ guardrails: [raw] }, 'p'));
    assert.notEqual(judge(policy, rollout(times(6, { canary: { errors: 0 } }))).verdict, 'rollback');
  });
});

describe('a window', () => {
  const window = valueOf(
    parsePolicy(
      {
        mode: 'threshold',
        window: '5m',
        guardrails: [
          { name: 'e', kind: 'error-rate', promoteBelow: '1%', rollbackAbove: '1%', minimumDuration: '10m' },
          { name: 'proxy', kind: 'business-proxy', promoteAbove: '-2%', rollbackBelow: '-2%' },
        ],
      },
      'windowed',
    ),
  );

  it('does not forget how long the canary has been there', () => {
    const document = judge(window, rollout(times(30, { canary: { errors: 200 } })));
    assert.equal(document.verdict, 'rollback');
  });

  it('does not forget that outcomes were ever recorded', () => {
    const looks = [
      ...times(10),
      ...times(10, { canary: { conversion: undefined }, stable: { conversion: undefined } }),
    ];
    const document = judge(window, rollout(looks));
    assert.equal(document.verdict, 'hold');
    assert.deepEqual(document.decidedWithout, []);
  });
});
