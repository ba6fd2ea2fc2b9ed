import assert from 'node:assert/strict';
import type { Policy } from '../../src/domain/policy.js';
import type { ReasonCode, VerdictDocument } from '../../src/domain/verdict.js';
import { defaultPolicy, judge, type Question } from '../../src/judge/index.js';
import { parseObservations } from '../../src/domain/observations-file.js';
import { guardrailOf, only, policyWith, written } from '../support/judging.js';
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

/** Every kind of guardrail with plain settings. */
const kinds: readonly Readonly<Record<string, unknown>>[] = [
  { name: 'error-ratio', kind: 'error-ratio' },
  { name: 'latency-ratio', kind: 'latency-ratio' },
  { name: 'flagged', kind: 'decision-rate', above: 0.75 },
  { name: 'coarse', kind: 'decision-rate', above: 0.6 },
  { name: 'cats', kind: 'decision-rate', label: 'cat' },
  {
    name: 'against-training',
    kind: 'prediction-drift',
    promoteBelow: 0.1,
    rollbackAbove: 0.2,
    reference: { edges: [0.25, 0.5, 0.75], counts: [250, 250, 250, 250] },
  },
  {
    name: 'elsewhere',
    kind: 'prediction-drift',
    promoteBelow: 0.1,
    rollbackAbove: 0.2,
    reference: { edges: [0.3], counts: [30, 70] },
  },
  {
    name: 'bounded',
    kind: 'business-proxy',
    promoteAbove: '-1%',
    rollbackBelow: '-3%',
    ifUndecided: 'bounded',
  },
  { name: 'mature', kind: 'business-proxy', promoteAbove: '-1%', rollbackBelow: '-3%', maturity: '5m' },
];

const worse: LookRates = {
  canary: { errors: 30, latency: slowLatency, predictions: [0.1, 0.15, 0.3, 0.45], conversion: 0.3 },
};
const silent: LookRates = {
  canary: { errors: 0, predictions: [0.5, 0.25, 0.25, 0] },
  stable: { errors: 0, predictions: [0.5, 0.25, 0.25, 0] },
};
const single: LookRates = {
  canary: { requests: 1, errors: 1, conversion: 1 },
  stable: { requests: 1, errors: 0, conversion: 0 },
};
const slight: LookRates = {
  canary: { errors: 1.0001, predictions: [0.25, 0.25, 0.25001, 0.24999], conversion: 0.49999 },
};

/** Rollouts that bring every sentence of the kinds, and figures that are awkward to write. */
const awkward: Readonly<Record<string, readonly LookRates[]>> = {
  'nothing at all': [],
  'a warm-up': times(1),
  'a single judged look': times(3),
  'a healthy canary': times(12),
  'a healthy canary for hours': times(120),
  'a bad canary': times(12, worse),
  'a canary that just turned bad': [...times(40), worse],
  'a canary that is a little worse': times(12, { canary: { errors: 1.6 } }),
  'a hair of a difference': times(12, slight),
  'no errors and no decisions': times(12, silent),
  'errors of the canary alone': times(12, { stable: { errors: 0 } }),
  'errors of stable alone': times(12, { canary: { errors: 0 } }),
  'one request a look': times(12, single),
  'a new stage': [...times(10, { weight: 0.1 }), ...times(2, { weight: 0.5 })],
  'an incident of both': [...times(8), ...times(2, incident)],
  'no stable version': times(12, { stable: null }),
  'a stable version that went away': [...times(2), ...times(10, { stable: null })],
  'a canary that went away': [...times(4), ...times(8, { canary: null })],
  'requests alone': times(12, {
    canary: { latency: undefined, predictions: undefined, conversion: undefined },
    stable: { latency: undefined, predictions: undefined, conversion: undefined },
  }),
};

describe('the sentences of every kind', () => {
  for (const mode of ['evidence', 'threshold'] as const) {
    for (const routing of ['random', 'sticky', 'selected'] as const) {
      it(`are readable in ${mode} mode with ${routing} routing, whatever the figures`, () => {
        const policy = written({ mode, guardrails: kinds });
        for (const [what, looks] of Object.entries(awkward)) {
          const document = ask(looks, policy, {}, { routing });
          const texts = [
            ...document.reasons.map(({ text }) => text),
            ...document.guardrails.map(({ reason }) => reason),
          ];
          for (const text of texts) {
            const told = `${what}: ${text}`;
            assert.match(text, /^[A-Z0-9].{20,}\.$/s, told);
            assert.doesNotMatch(text, / {2}|\.\.|NaN|undefined|null|Infinity|infinity|not a number/, told);
            assert.doesNotMatch(text, /-0 %|-0 ms|\+0 %|(?<![\d.,])1 times as/, told);
            assert.doesNotMatch(text, /went from (?<share>[\d.]+ %) to \k<share>(?![\d.])/, told);
          }
        }
      });

      it(`give measurements of fewer than 200 characters in ${mode} mode with ${routing} routing`, () => {
        for (const settings of kinds) {
          const policy = written({ mode, guardrails: [settings] });
          for (const [what, looks] of Object.entries(awkward)) {
            const [value, , text] = ask(looks, policy, {}, { routing }).measurement;
            const told = `${String(settings['name'])}, ${what}: ${text}`;
            assert.ok(text.length > 10 && text.length < 200, told);
            assert.doesNotMatch(text, /…|NaN|undefined|Infinity|infinity|-0 %|\+0 %/, told);
            assert.ok(value === null || (value >= 0 && value <= 1), told);
          }
        }
      });
    }
  }

  it('name no more than they know: an "at least" is never within a limit', () => {
    const policy = written({ guardrails: kinds });
    for (const looks of Object.values(awkward)) {
      for (const { reason } of ask(looks, policy).guardrails)
        assert.doesNotMatch(reason, /at least [\d.]+ times .* </);
    }
  });
});

describe('sentences of the kinds that compare, word for word', () => {
  const policy = written({ guardrails: kinds });
  const reasonOf = (looks: readonly LookRates[], name: string) =>
    guardrailOf(ask(looks, policy), name).reason;

  it('a rollback for an error ratio', () => {
    assert.equal(
      reasonOf(times(12, failing), 'error-ratio'),
      "The canary's requests fail 30 times as often as the stable version's of the same looks (3 % of 10,000 against 0.1 % of 90,000 requests). The odds against at most 1.25 times stable's errors are over 1,000,000:1; 180:1 are needed. Roll back.",
    );
  });

  it('a promote for a decision rate', () => {
    assert.equal(
      reasonOf(times(12), 'flagged'),
      "The canary's share of scores above 0.75 is as large as the stable version's of the same looks (25 % of 10,000 against 25 % of 90,000 predictions). The odds against a rate 50 % or more away from stable's are over 1,000,000:1; 20:1 are needed. Good enough to go on.",
    );
  });

  it('a drift from a fixed reference', () => {
    assert.match(
      reasonOf(times(12, worse), 'against-training'),
      /^The canary's predictions differ from the fixed reference by a PSI of 0\.3\d* \(10,000 predictions\); scores up to 0\.25 went from 25 % to 10 %\. /,
    );
  });

  it('an edge that is missing', () => {
    assert.equal(
      reasonOf(times(12), 'coarse'),
      'The histograms do not tell how many predictions are scores above 0.6. The histogram has no bound where a limit needs one, so one of the verdicts cannot be reached. At the present figures no amount of traffic within a week decides it. Note: add a histogram edge at 0.6.',
    );
  });

  for (const [what, settings, measurement] of [
    [
      'an error ratio',
      kinds[0],
      "error-ratio: errors 30 times stable's > 2, evidence over 1,000,000:1 of 20:1 needed",
    ],
    [
      'a latency ratio',
      kinds[1],
      "latency-ratio: requests over 200 ms 200 times stable's > 2, evidence over 1,000,000:1 of 20:1 needed",
    ],
    [
      'a decision rate',
      kinds[2],
      'flagged: share of scores above 0.75 changed by +80 %, beyond 50 %, evidence over 1,000,000:1 of 20:1 needed',
    ],
  ] as const) {
    it(`the measurement of ${what}`, () => {
      assert.equal(ask(times(12, worse), written({ guardrails: [settings] })).measurement[2], measurement);
    });
  }
});
