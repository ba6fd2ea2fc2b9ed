import assert from 'node:assert/strict';
import type { Policy } from '../../src/domain/policy.js';
import type { ReasonCode, VerdictDocument } from '../../src/domain/verdict.js';
import { defaultPolicy, judge, type Question } from '../../src/judge/index.js';
import { parseObservations } from '../../src/domain/observations-file.js';
import { guardrailOf, only, policyWith } from '../support/judging.js';
import { readReferenceCases } from '../support/reference-cases.js';
import { rollout, slowLatency, times, type LookRates } from '../support/rollouts.js';
import { valueOf } from '../support/value-of.js';

const failing: LookRates = { canary: { errors: 30 } };
const incident: LookRates = { canary: { errors: 300 }, stable: { errors: 2700 } };
const turning: LookRates = { canary: { errors: 15 } };
const unmeasured: LookRates = { canary: { conversion: undefined }, stable: { conversion: undefined } };
const constant: LookRates = { canary: { conversion: 1 }, stable: { conversion: 1 } };
const dragged = times(8, { canary: { errors: 250 }, stable: { errors: 2250 } });
const calm = { before: times(5).map(() => ({})) };

type Head = Parameters<typeof rollout>[1];
const ask = (
  looks: readonly LookRates[],
  policy: Policy = defaultPolicy(),
  question: Question = {},
  head: Head = {},
) => judge(policy, rollout(looks, head), question);

/** A document in which each reason appears that the judge itself can give. */
const examples: Readonly<Partial<Record<ReasonCode, () => VerdictDocument>>> = {
  promote: () => ask(times(12)),
  rollback: () => ask(times(12, failing)),
  'between-thresholds': () => ask(times(12, { canary: { errors: 7 } })),
  'more-evidence-needed': () => ask(times(4, { canary: { requests: 100, errors: 2 } })),
  'warming-up': () => ask(times(1)),
  'new-stage': () => ask(times(3)),
  'not-measured': () => ask(times(12, unmeasured)),
  'canary-silent': () => ask(times(4, { canary: { latency: undefined } })),
  'stable-breaches-too': () => ask([...times(8), ...times(2, incident)]),
  'stable-breaches-again': () => ask([...times(8), incident, ...times(4), incident]),
  'incident-since-weight-change': () => ask(dragged, only(policyWith(), 'error-rate'), {}, calm),
  'undecided-pass': () => ask(times(6), policyWith({}, { 'business-proxy': { ifUndecided: 'pass' } })),
  'no-data': () => ask(times(4, { canary: { latency: undefined }, stable: { latency: undefined } })),
  'no-baseline': () => ask(times(4, { stable: { predictions: undefined } })),
  'no-variance': () => ask(times(4, constant)),
  'sample-ratio': () => ask(times(12, { weight: 0.3 })),
  'stale-data': () =>
    ask([...times(12, { weight: 0.1 }), ...times(6, { weight: 0.1, canary: null })], undefined, {
      weight: 0,
    }),
  'turning-bad': () => ask([...times(20), turning, turning]),
  'on-breach-hold': () => ask(times(12, failing), policyWith({}, { 'error-rate': { onBreach: 'hold' } })),
  'minimum-duration': () =>
    ask(times(9, failing), policyWith({}, { 'error-rate': { minimumDuration: '10m' } })),
  'waiting-for-others': () => ask(times(6), undefined, { guardrail: 'error-rate', promoteWith: 'all' }),
  'buckets-too-coarse': () => {
    const one = readReferenceCases().find(({ name }) => name === 'p99-buckets-too-coarse-no-good-bound');
    return judge(defaultPolicy(), valueOf(parseObservations(one?.observations)));
  },
};

describe('reasons', () => {
  for (const [code, example] of Object.entries(examples)) {
    it(`${code}: is a sentence that says what was measured and what happens next`, () => {
      const document = example();
      const reasons = [
        ...document.reasons.map((reason) => ({ code: reason.code, text: reason.text })),
        ...document.guardrails.map((guardrail) => ({ code: guardrail.reasonCode, text: guardrail.reason })),
      ];
      const own = reasons.filter((reason) => reason.code === code);
      assert.ok(own.length > 0, `got ${reasons.map((reason) => reason.code).join(', ')}`);
      for (const { text } of own) {
        assert.match(text, /^[A-Z0-9].{20,}\.$/s);
        assert.doesNotMatch(text, / {2}|\.\.|NaN|undefined/);
      }
      assert.ok(document.measurement[2].length < 200);
    });
  }

  it('of threshold mode are sentences as well', () => {
    const settled = policyWith(
      { mode: 'threshold' },
      { 'error-rate': { onBreach: 'hold' }, 'latency-p99': { minimumDuration: '1h' } },
    );
    const document = ask(times(4, { canary: { errors: 30, latency: slowLatency } }), settled);
    const texts = ['error-rate', 'latency-p99'].map((name) => guardrailOf(document, name).reason);
    assert.match(texts[0] ?? '', /hold on a breach/);
    assert.match(texts[1] ?? '', /minimum duration/);
  });
});

describe('sentences, word for word', () => {
  const errorRate = (document: VerdictDocument) => guardrailOf(document, 'error-rate').reason;

  it('a rollback for errors', () => {
    assert.equal(
      errorRate(ask(times(12, failing))),
      "3 % of the canary's requests failed (300 of 10,000); the stable version fails 0.1 %. The odds against an error rate of 0.5 % or less are over 1,000,000:1; 80:1 are needed. Roll back.",
    );
  });

  it('a canary that needs more requests', () => {
    assert.equal(
      errorRate(ask(times(4, { canary: { requests: 100, errors: 2 } }))),
      "2 % of the canary's requests failed (4 of 200); the stable version fails 0.1 %. The odds against an error rate of 0.5 % or less are 3:1; 80:1 are needed. About 300 more canary requests are needed, about 3 min at the present traffic.",
    );
  });

  it('a slow canary', () => {
    const document = ask(times(8, { canary: { latency: slowLatency } }));
    assert.equal(
      guardrailOf(document, 'latency-p99').reason,
      "The p99 of 6,000 canary requests is about 1,000 ms (between 500 ms and 1,000 ms); the stable version's is 188 ms. The odds against a p99 of 200 ms or less are over 1,000,000:1; 80:1 are needed. Roll back.",
    );
  });

  it('an undecided business proxy', () => {
    assert.equal(
      guardrailOf(ask(times(6)), 'business-proxy').reason,
      "The canary's mean outcome is 0.5 against 0.5: a change of 0 %, -3.3 % to +3.3 % at 95 % (4,000 against 36,000 outcomes). The odds against a change of -3 % or worse are 4.2:1; 20:1 are needed. About 5,000 more canary outcomes are needed, about 5 min at the present traffic.",
    );
  });

  it('an incident of both versions', () => {
    assert.equal(
      errorRate(ask([...times(8), ...times(2, incident)])),
      "0.1 % of the canary's requests failed (6 of 6,000); the stable version fails 0.1 %. The stable version has breached the limit as well, so this may be no fault of the canary: it holds until stable has been calm for 10 more looks. Note: 2 of 10 looks left out because the stable version breached in them too.",
    );
  });

  for (const [what, document, measurement] of [
    [
      'a rollback',
      ask(times(12, failing)),
      [1, 'rollback', 'error-rate: errors 3 % > 1 %, evidence over 1,000,000:1 of 80:1 needed'],
    ],
    [
      'a promote',
      ask(times(12)),
      [1, 'promote', 'business-proxy: change 0 % >= -1 %, evidence 37:1 of 20:1 needed'],
    ],
    [
      'a hold that waits',
      ask(times(6)),
      [0.4834, 'hold', 'business-proxy: change 0 % >= -1 %, evidence 4.2:1 of 20:1 needed, about 5 min more'],
    ],
    [
      'one guardrail alone',
      ask(times(12), undefined, { guardrail: 'latency-p99' }),
      [187.786, 'promote', 'latency-p99: p99 188 ms < 200 ms, evidence over 1,000,000:1 of 20:1 needed'],
    ],
    [
      'a split that is not as configured',
      ask(times(12, { weight: 0.3 })),
      [
        null,
        'hold',
        'The canary gets 10 % of the requests instead of 30 %: check for crashing pods, retries and routing before trusting any comparison.',
      ],
    ],
  ] as const) {
    it(`the measurement of ${what}`, () => {
      assert.deepEqual(document.measurement, measurement);
    });
  }
});
