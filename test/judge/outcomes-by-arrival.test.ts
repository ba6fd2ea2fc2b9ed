import assert from 'node:assert/strict';
import type { Observations } from '../../src/domain/observations.js';
import { observationsToFile, parseObservations } from '../../src/domain/observations-file.js';
import { defaultPolicy, judge, type Question } from '../../src/judge/index.js';
import { codesOf, guardrailOf, only, policyWith, written } from '../support/judging.js';
import { rollout, times, type LookRates } from '../support/rollouts.js';
import { valueOf } from '../support/value-of.js';

const losing: LookRates = { canary: { conversion: 0.3 } };
const same: LookRates = {};

const arrived = (
  looks: readonly LookRates[],
  outcomesByArrival: readonly string[] = ['default'],
): Observations => ({ ...rollout(looks), outcomesByArrival });

const proxyOf = (
  looks: readonly LookRates[],
  settings: Readonly<Record<string, unknown>> = {},
  mode: 'evidence' | 'threshold' = 'evidence',
) =>
  guardrailOf(judge(policyWith({ mode }, { 'business-proxy': settings }), arrived(looks)), 'business-proxy');

describe('outcomes that are counted when they arrive', () => {
  it('neither roll back nor promote, however much evidence there is', () => {
    for (const [look, otherwise] of [
      [losing, 'rollback'],
      [same, 'promote'],
    ] as const) {
      const known = guardrailOf(judge(defaultPolicy(), rollout(times(20, look))), 'business-proxy');
      assert.equal(known.verdict, otherwise);
      const held = proxyOf(times(20, look));
      assert.deepEqual([held.verdict, held.reasonCode], ['hold', 'partial-data']);
      for (const field of [
        'estimate',
        'unit',
        'interval',
        'intervalKind',
        'evidence',
        'literalVerdict',
        'samples',
        'details',
      ] as const) {
        assert.deepEqual(held[field], known[field], field);
      }
      assert.deepEqual(
        [held.moreSamplesNeeded, held.etaSeconds, held.moreSamplesNeeded95, held.etaSeconds95],
        [null, null, null, null],
        'no amount of them decides',
      );
    }
  });

  it('say what is wrong and how to mend it', () => {
    const { reason } = proxyOf(times(12, losing));
    assert.match(reason, /^The canary's mean outcome is 0\.3 against 0\.5: a change of -40 %/);
    assert.match(reason, /Outcomes are counted when they arrive, not with their request/);
    assert.match(reason, /"immediate: true" where the source is configured/);
    assert.match(reason, /else send outcomes to the ledger/);
    assert.doesNotMatch(reason, /odds|needed/);
    const [share, verdict, sentence] = judge(defaultPolicy(), arrived(times(12, losing))).measurement;
    assert.deepEqual([share, verdict], [1, 'hold']);
    assert.equal(sentence, 'business-proxy: change -40 % < -3 %, but outcomes are counted when they arrive');
  });

  it('are not covered by ifUndecided, in either mode', () => {
    const settings = [
      {},
      { ifUndecided: 'pass' },
      { ifUndecided: 'bounded' },
      { onBreach: 'hold' },
      { minimumDuration: '1h' },
      { maturity: '4m' },
      { maturity: '1h' },
      { required: 'true' },
      { betterWhen: 'lower' },
    ];
    for (const mode of ['evidence', 'threshold'] as const) {
      for (const setting of settings) {
        for (const look of [losing, same, { canary: { conversion: 0.49 } }]) {
          for (const count of [1, 3, 12]) {
            const { verdict, reasonCode, reason } = proxyOf(times(count, look), setting, mode);
            assert.deepEqual([verdict, reasonCode], ['hold', 'partial-data'], JSON.stringify(setting));
            assert.match(reason, /counted when they arrive/);
          }
        }
      }
    }
  });

  it('are those that are named: another outcome decides as ever, and the sentence names it', () => {
    const guardrails = ['hit-rate', 'caught'].map((outcome) => ({
      name: outcome,
      kind: 'business-proxy',
      outcome,
      promoteAbove: '-1%',
      rollbackBelow: '-3%',
    }));
    const looks = rollout(times(12, losing)).looks.map((look) => {
      const both = (arm: typeof look.canary) => {
        const totals = arm?.outcomes.get('default');
        assert.ok(arm !== undefined && totals !== undefined);
        return {
          ...arm,
          outcomes: new Map([
            ['hit-rate', totals],
            ['caught', totals],
          ]),
        };
      };
      return { ...look, canary: both(look.canary), stable: both(look.stable) };
    });
    const observations = { ...rollout(times(12)), looks, outcomesByArrival: ['caught'] };
    const document = judge(written({ guardrails }), observations);
    assert.deepEqual(codesOf(document), { 'hit-rate': 'rollback: rollback', caught: 'hold: partial-data' });
    assert.equal(document.verdict, 'rollback');
    assert.match(guardrailOf(document, 'caught').reason, /Outcomes "caught" are counted/);
    assert.deepEqual(
      judge(written({ guardrails }), { ...observations, outcomesByArrival: ['other'] }).guardrails,
      judge(written({ guardrails }), { ...rollout(times(12)), looks }).guardrails,
    );
  });

  it('hold whichever version has them, and leave those out that nobody has', () => {
    const none = { conversion: undefined };
    const code = (look: LookRates, required: true | 'auto' = 'auto') =>
      proxyOf(times(8, look), { required: String(required) });
    for (const [look, measured] of [
      [
        { canary: none },
        /^The canary has traffic but no outcomes, while the stable version has 72,000\. Outc/,
      ],
      [
        { stable: none },
        /^There are no outcomes of the stable version to compare with\. Outcomes are counted/,
      ],
    ] as const) {
      const guardrail = code(look);
      assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'partial-data']);
      assert.match(guardrail.reason, measured);
      assert.equal(guardrail.guarantee, 'none');
    }
    assert.equal(code({ canary: none, stable: none }).reasonCode, 'not-measured');
    assert.equal(code({ canary: none, stable: none }, true).reasonCode, 'no-data');
    const unmeasured = judge(defaultPolicy(), arrived(times(12, { canary: none, stable: none })));
    assert.equal(unmeasured.verdict, 'promote');
    assert.deepEqual(unmeasured.decidedWithout, ['business-proxy']);
  });

  it('are told besides an arm that falls silent', () => {
    const silent: LookRates = { canary: { conversion: undefined } };
    const { reasonCode, reason } = proxyOf([...times(10), ...times(10, silent)]);
    assert.equal(reasonCode, 'partial-data');
    assert.match(
      reason,
      /The canary has had no outcomes since 2026-.* Outcomes are counted when they arrive/,
    );
  });

  it('keep every combined promote back, and let the rollback of another guardrail through', () => {
    const document = judge(defaultPolicy(), arrived(times(20)));
    assert.equal(document.verdict, 'hold');
    assert.equal(document.literalVerdict, 'promote');
    assert.deepEqual(document.decidedWithout, []);
    assert.deepEqual(
      document.reasons.map(({ code, guardrail }) => [code, guardrail]),
      [['partial-data', 'business-proxy']],
    );
    assert.equal(judge(defaultPolicy(), arrived(times(20, { canary: { errors: 40 } }))).verdict, 'rollback');
    const asked: Question = { guardrail: 'error-rate' };
    assert.equal(judge(defaultPolicy(), arrived(times(20)), asked).verdict, 'promote');
    const withAll = judge(defaultPolicy(), arrived(times(20)), { ...asked, promoteWith: 'all' });
    assert.deepEqual([withAll.verdict, withAll.reasons[0]?.code], ['hold', 'waiting-for-others']);
    const without = only(defaultPolicy(), 'error-rate', 'latency-p99', 'prediction-drift');
    assert.equal(judge(without, arrived(times(20))).verdict, 'promote');
  });

  it('claim no rate of false promotions, and say why', () => {
    const { guarantee } = judge(defaultPolicy(), arrived(times(20)));
    assert.ok(guarantee !== 'none');
    assert.equal('falsePromotion' in guarantee, false);
    assert.equal(guarantee.falseRollback, 0.051);
    assert.ok(
      guarantee.assumes.includes(
        'business-proxy: holds at most, since its outcomes are counted when they arrive',
      ),
    );
    assert.equal(proxyOf(times(20)).guarantee, 'none');
    const alone = judge(defaultPolicy(), arrived(times(20)), { guardrail: 'error-rate' }).guarantee;
    assert.ok(alone !== 'none');
    assert.equal(alone.falsePromotion, 0.05);
    const threshold = judge(policyWith({ mode: 'threshold' }), arrived(times(20)));
    assert.equal(threshold.guarantee, 'none');
  });

  it('hold with other routings too; of selected requests nothing is compared anyway', () => {
    const routed = (routing: 'sticky' | 'selected') =>
      guardrailOf(judge(defaultPolicy(), { ...arrived(times(12, losing)), routing }), 'business-proxy');
    assert.equal(routed('sticky').reasonCode, 'partial-data');
    assert.match(routed('sticky').reason, /counted when they arrive/);
    assert.equal(routed('selected').reasonCode, 'not-measured');
  });

  it('make another document, and none is made by an empty list', () => {
    const plain = judge(defaultPolicy(), rollout(times(12)));
    assert.deepEqual(judge(defaultPolicy(), arrived(times(12), [])), plain);
    assert.notEqual(judge(defaultPolicy(), arrived(times(12))).id, plain.id);
    const copy = valueOf(
      parseObservations(JSON.parse(JSON.stringify(observationsToFile(arrived(times(12)))))),
    );
    assert.deepEqual(judge(defaultPolicy(), copy), judge(defaultPolicy(), arrived(times(12))));
  });
});
