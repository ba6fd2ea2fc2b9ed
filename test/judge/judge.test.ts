import assert from 'node:assert/strict';
import fc from 'fast-check';
import { VerdictError } from '../../src/domain/errors.js';
import { parseObservations, observationsToFile } from '../../src/domain/observations-file.js';
import { reasonCodes, verdictCodes, type VerdictDocument } from '../../src/domain/verdict.js';
import { builtInPolicies, defaultPolicy, judge, replay, type Question } from '../../src/judge/index.js';
import { arbitraryObservations } from '../support/arbitrary-observations.js';
import { policyWith, written } from '../support/judging.js';
import { minuteMs, rollout, startMs, times } from '../support/rollouts.js';
import { valueOf } from '../support/value-of.js';

const seed = 20260105;

/** Policies that between them reach every branch: built-in ones, lenient ones, one of a guardrail per kind. */
const policies = [
  ...builtInPolicies.values(),
  policyWith({ warmUpSeconds: 0, warmUpAfterWeightSeconds: 0, confidence: 0.5, sharedIncident: 'rollback' }),
  policyWith(
    { warmUpSeconds: 0 },
    {
      'error-rate': { ifUndecided: 'pass', minimumDuration: '5m' },
      'latency-p99': { ifUndecided: 'pass', required: 'auto', onBreach: 'hold' },
      'prediction-drift': { ifUndecided: 'pass', required: 'auto', bins: 3 },
      'business-proxy': { ifUndecided: 'pass', betterWhen: 'lower', required: true },
    },
  ),
];

const questions: fc.Arbitrary<Question> = fc.record(
  {
    guardrail: fc.constantFrom('error-rate', 'latency-p99', 'business-proxy'),
    promoteWith: fc.constantFrom('self' as const, 'all' as const),
    weight: fc.constantFrom(0.05, 0.5),
  },
  { requiredKeys: [] },
);

const judgements = fc.tuple(fc.constantFrom(...policies), arbitraryObservations(), questions);

describe('judge', () => {
  it('gives the same bytes for the same inputs', () => {
    fc.assert(
      fc.property(judgements, ([policy, observations, question]) => {
        const first = JSON.stringify(judge(policy, observations, question));
        assert.equal(JSON.stringify(judge(policy, observations, question)), first);
        // Also from inputs that were written down and read back.
        const file: unknown = JSON.parse(JSON.stringify(observationsToFile(observations)));
        const copy = valueOf(parseObservations(file));
        assert.equal(JSON.stringify(judge(structuredClone(policy), copy, { ...question })), first);
      }),
      { seed, numRuns: 120 },
    );
  });

  it('gives a document that is whole: words of the closed lists, finite numbers, nothing undefined', () => {
    fc.assert(
      fc.property(judgements, ([policy, observations, question]) => {
        checkDocument(judge(policy, observations, question));
      }),
      { seed, numRuns: 400 },
    );
  });

  it('holds on nothing at all, whatever the policy', () => {
    for (const policy of policies) {
      for (const question of [
        {},
        { guardrail: 'error-rate' },
        { guardrail: 'error-rate', promoteWith: 'all' },
      ] as const) {
        const document = judge(policy, rollout([]), question);
        checkDocument(document);
        assert.equal(document.verdict, 'hold', policy.name);
        assert.equal(document.literalVerdict, 'hold');
        assert.equal(document.looks, 0);
        assert.equal(document.stage, 1);
        assert.equal(document.asOf, null);
      }
    }
  });

  it('holds while nothing has traffic', () => {
    const idle = { canary: { requests: 0 }, stable: { requests: 0 } };
    const document = judge(defaultPolicy(), rollout(times(5, idle)));
    assert.equal(document.verdict, 'hold');
    assert.equal(document.looks, 0);
  });

  it('sees nothing that ends after the instant it judges for', () => {
    fc.assert(
      fc.property(judgements, fc.nat(12), ([policy, observations, question], index) => {
        const look = observations.looks[index % Math.max(1, observations.looks.length)];
        if (look === undefined) return;
        const asOfMs = look.endMs;
        const early = judge(policy, { ...observations, asOfMs }, question);
        const cut = observations.looks.filter(({ endMs }) => endMs <= asOfMs);
        assert.deepEqual(early, judge(policy, { ...observations, looks: cut, asOfMs }, question));
        assert.deepEqual(
          early,
          judge(
            policy,
            {
              ...observations,
              looks: [
                ...cut,
                ...times(3).map(() => ({ ...look, startMs: asOfMs, endMs: asOfMs + minuteMs })),
              ],
              asOfMs,
            },
            question,
          ),
        );
      }),
      { seed, numRuns: 80 },
    );
  });

  it('does not count a look that is not over yet', () => {
    const observations = rollout(times(3));
    const asOf = (asOfMs: number) => judge(defaultPolicy(), { ...observations, asOfMs }).looks;
    assert.equal(asOf(startMs + 2 * minuteMs - 1), 1);
    assert.equal(asOf(startMs + 2 * minuteMs), 2);
    assert.equal(asOf(startMs), 0);
  });

  it('is not moved by the order of the prediction bins', () => {
    const policy = written({
      warmUp: 0,
      guardrails: [{ name: 'drift', kind: 'prediction-drift', promoteBelow: 0.1, rollbackAbove: 0.2 }],
    });
    const histogram = fc.array(fc.nat(300), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(histogram, histogram), { minLength: 1, maxLength: 6 }),
        fc.nat(23),
        (looks, turn) => {
          const order = [0, 1, 2].sort((a, b) => ((a * 7 + turn) % 5) - ((b * 7 + turn) % 5));
          const observed = (labels: readonly string[], places: readonly number[]) =>
            valueOf(
              parseObservations({
                schema: 'ml-verdict/observations/v1',
                model: 'm',
                canary: { version: 'v2' },
                stable: { version: 'v1' },
                looks: looks.map(([canary, stable], index) => ({
                  start: new Date(startMs + index * minuteMs).toISOString(),
                  end: new Date(startMs + (index + 1) * minuteMs).toISOString(),
                  canary: armOf(
                    labels,
                    places.map((place) => canary[place] ?? 0),
                    300,
                  ),
                  stable: armOf(
                    labels,
                    places.map((place) => stable[place] ?? 0),
                    3000,
                  ),
                })),
              }),
            );
          const names = ['a', 'b', 'c'];
          const straight = judge(policy, observed(names, [0, 1, 2, 3]));
          const turned = judge(
            policy,
            observed(
              order.map((place) => names[place] ?? ''),
              [...order, 3],
            ),
          );
          assert.equal(straight.verdict, turned.verdict);
          assert.equal(straight.guardrails[0]?.reasonCode, turned.guardrails[0]?.reasonCode);
          closeTo(straight.guardrails[0]?.estimate, turned.guardrails[0]?.estimate);
          closeTo(straight.guardrails[0]?.evidence.rollback, turned.guardrails[0]?.evidence.rollback);
          closeTo(straight.guardrails[0]?.evidence.promote, turned.guardrails[0]?.evidence.promote);
        },
      ),
      { seed, numRuns: 100 },
    );
  });

  it('refuses a guardrail that the policy does not have, with the nearest name', () => {
    assert.throws(
      () => judge(defaultPolicy(), rollout(times(2)), { guardrail: 'eror-rate' }),
      (error) =>
        error instanceof VerdictError &&
        error.code === 'not-found' &&
        error.message === 'the policy "default" has no guardrail "eror-rate"; did you mean "error-rate"?',
    );
  });

  it('identifies a document by policy, question and what was observed', () => {
    const observations = rollout(times(4));
    const id = (document: VerdictDocument) => document.id;
    const plain = id(judge(defaultPolicy(), observations));
    assert.match(plain, /^[0-9a-f]{20}$/);
    assert.equal(id(judge(defaultPolicy(), rollout(times(4)))), plain);
    const others = [
      judge(policyWith({ confidence: 0.8 }), observations),
      judge(policyWith({ name: 'mine' }), observations),
      judge(defaultPolicy(), observations, { guardrail: 'error-rate' }),
      judge(defaultPolicy(), observations, { weight: 0.2 }),
      judge(defaultPolicy(), rollout([...times(3), { canary: { errors: 2 } }])),
      judge(defaultPolicy(), rollout(times(5))),
      judge(defaultPolicy(), { ...observations, model: 'other' }),
      judge(defaultPolicy(), rollout(times(4), { before: [{}] })),
      judge(defaultPolicy(), { ...observations, restarts: 1 }),
    ].map(id);
    assert.equal(new Set([plain, ...others]).size, others.length + 1);
  });

  it('has a hash of the policy that its name is not part of', () => {
    const hash = (policy = defaultPolicy()) => judge(policy, rollout(times(1))).policyHash;
    assert.equal(hash(policyWith({ name: 'mine' })), hash());
    assert.notEqual(hash(policyWith({ warmUpSeconds: 60 })), hash());
  });

  it('copies the head of the observations', () => {
    const document = judge(defaultPolicy(), {
      ...rollout(times(1)),
      restarts: 2,
      asOfMs: startMs + 3 * minuteMs,
    });
    assert.equal(document.model, 'fraud-detector');
    assert.equal(document.canary, 'v2');
    assert.equal(document.stable, 'v1');
    assert.equal(document.restarts, 2);
    assert.equal(document.asOf, '2026-01-05T10:03:00Z');
    assert.equal(judge(defaultPolicy(), rollout(times(1, { stable: null }))).stable, null);
  });
});

describe('replay', () => {
  it('gives one document a look, each as somebody would have got it who asked then', () => {
    fc.assert(
      fc.property(judgements, ([policy, observations, question]) => {
        const documents = [...replay(policy, observations, question)];
        const last = observations.asOfMs ?? Infinity;
        const looks = observations.looks.filter(({ endMs }) => endMs <= last);
        assert.equal(documents.length, looks.length);
        looks.forEach(({ endMs }, index) => {
          assert.deepEqual(documents[index], judge(policy, { ...observations, asOfMs: endMs }, question));
        });
      }),
      { seed, numRuns: 40 },
    );
  });

  it('gives nothing for nothing', () => {
    assert.deepEqual([...replay(defaultPolicy(), rollout([]))], []);
  });
});

/** Fails unless every part of a document keeps its contract. */
function checkDocument(document: VerdictDocument): void {
  const [number, verdict, sentence] = document.measurement;
  assert.equal(document.code, verdictCodes[document.verdict]);
  assert.equal(verdict, document.verdict);
  assert.ok(number === null || Number.isFinite(number));
  assert.ok(sentence.length > 0 && sentence.length < 200, sentence);
  assert.doesNotMatch(sentence, /NaN|undefined|Infinity|not a number|\n/);
  assert.ok(document.reasons.length > 0);
  for (const reason of document.reasons) {
    assert.ok(reason.code in reasonCodes);
    checkSentence(reason.text);
  }
  for (const guardrail of document.guardrails) {
    assert.ok(guardrail.reasonCode in reasonCodes, guardrail.reasonCode);
    checkSentence(guardrail.reason);
    const ends = guardrail.interval ?? [];
    if (typeof ends[0] === 'number' && typeof ends[1] === 'number') assert.ok(ends[0] <= ends[1]);
    assert.equal(guardrail.interval === null, guardrail.intervalKind === null);
    assert.ok(guardrail.moreSamplesNeeded === null || guardrail.moreSamplesNeeded >= 0);
    assert.ok(guardrail.etaSeconds === null || guardrail.etaSeconds >= 0);
  }
  checkValue(document, 'document');
}

function checkSentence(text: string): void {
  assert.match(text, /^[A-Z0-9].*\.$/s, text);
  assert.doesNotMatch(text, /NaN|undefined|null|Infinity|not a number|\.\./, text);
}

/** JSON keeps every value as it is: no NaN, no infinity, no undefined, no map. */
function checkValue(value: unknown, path: string): void {
  if (typeof value === 'number') assert.ok(Number.isFinite(value), `${path} is ${value}`);
  else if (Array.isArray(value))
    value.forEach((entry, index) => {
      checkValue(entry, `${path}[${index}]`);
    });
  else if (typeof value === 'object' && value !== null) {
    assert.equal(Object.getPrototypeOf(value), Object.prototype, path);
    for (const [key, entry] of Object.entries(value)) checkValue(entry, `${path}.${key}`);
  } else {
    assert.ok(
      value === null || typeof value === 'string' || typeof value === 'boolean',
      `${path} is ${typeof value}`,
    );
  }
}

function armOf(labels: readonly string[], counts: readonly number[], requests: number) {
  return { requests, errors: 0, predictions: { labels, counts } };
}

function closeTo(left: number | null | undefined, right: number | null | undefined): void {
  if (typeof left !== 'number' || typeof right !== 'number') {
    assert.equal(left, right);
    return;
  }
  assert.ok(Math.abs(left - right) <= 1e-9 * Math.max(1, Math.abs(left)), `${left} and ${right}`);
}
