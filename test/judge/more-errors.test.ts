import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { GuardrailVerdict } from '../../src/domain/verdict.js';
import { judge } from '../../src/judge/index.js';
import { guardrailOf, only, policyWith } from '../support/judging.js';
import { rollout, type LookRates } from '../support/rollouts.js';

const errorsOnly = only(policyWith(), 'error-rate');
const bare = { latency: undefined, predictions: undefined, conversion: undefined };

/** A look of an arm with its errors in thousandths. */
const look = (mostThousandths: number) =>
  fc.record({
    requests: fc.constantFrom(30, 150, 1500),
    thousandths: fc.oneof(fc.nat(3), fc.nat(mostThousandths)),
  });

const looks = fc.array(fc.record({ canary: look(60), stable: look(15), step: fc.boolean() }), {
  minLength: 1,
  maxLength: 24,
});

type DrawnLooks = typeof looks extends fc.Arbitrary<infer T> ? T : never;

/** The rollout with `extra` errors more in one look of the canary. */
function observed(drawn: DrawnLooks, index = 0, extra = 0) {
  let weight = 0.05;
  const rates = drawn.map(({ canary, stable, step }, i): LookRates => {
    if (step && i % 8 === 7) weight = Math.min(0.5, weight + 0.2);
    const errors = Math.round((canary.requests * canary.thousandths) / 1000);
    const { requests } = canary;
    return {
      weight,
      canary: { ...bare, requests, errors: Math.min(requests, errors + (i === index ? extra : 0)) },
      stable: {
        ...bare,
        requests: requests * 19,
        errors: Math.round((requests * 19 * stable.thousandths) / 1000),
      },
    };
  });
  return rollout(rates);
}

const drawnWithErrors = fc
  .tuple(looks, fc.nat(23), fc.constantFrom(1, 2, 5, 20, 1500))
  .map(([drawn, at, extra]) => ({ drawn, index: at % drawn.length, extra }));

describe('more errors never help a canary', () => {
  const compare = (
    check: (before: GuardrailVerdict, after: GuardrailVerdict) => void,
    policy = errorsOnly,
    numRuns = 400,
  ) => {
    fc.assert(
      fc.property(drawnWithErrors, ({ drawn, index, extra }) => {
        const before = judge(policy, observed(drawn));
        const after = judge(policy, observed(drawn, index, extra));
        check(guardrailOf(before, 'error-rate'), guardrailOf(after, 'error-rate'));
      }),
      { seed: 20260105, numRuns },
    );
  };

  it('to a promote: what held or rolled back does not promote with errors added to any look', () => {
    compare((before, after) => {
      if (after.verdict === 'promote') assert.equal(before.verdict, 'promote');
    });
  });

  it('to more evidence for it, or to less against it', () => {
    compare((before, after) => {
      if (before.details['gross'] === true || after.details['gross'] === true) return;
      assert.ok((after.evidence.rollback ?? 0) >= (before.evidence.rollback ?? 0) - 1e-9);
      assert.ok((after.evidence.promote ?? 0) <= (before.evidence.promote ?? 0) + 1e-9);
    });
  });

  it('out of a gross failure', () => {
    compare((before, after) => {
      if (before.details['gross'] === true) assert.equal(after.verdict, 'rollback');
    });
  });

  it('to a promote of the table', () => {
    const rank = { rollback: 0, hold: 1, promote: 2 };
    compare((before, after) => {
      assert.ok(rank[after.literalVerdict] <= rank[before.literalVerdict]);
    });
  });

  // Not so for every look under every policy: errors long ago may widen the window that a rollback hangs on until it
  // reaches looks in which the stable version breaches too, and the question of blame is asked.
  it('out of a rollback when they are among the latest requests and only the canary is looked at', () => {
    const unshared = only(policyWith({ sharedIncident: 'rollback' }), 'error-rate');
    fc.assert(
      fc.property(drawnWithErrors, ({ drawn, extra }) => {
        const before = guardrailOf(judge(unshared, observed(drawn)), 'error-rate');
        if (before.verdict !== 'rollback') return;
        const after = judge(unshared, observed(drawn, drawn.length - 1, extra));
        assert.equal(guardrailOf(after, 'error-rate').verdict, 'rollback');
      }),
      { seed: 20260105, numRuns: 400 },
    );
  });

  it('to pass undecided: a good first look of a stage that turns bad is not waved through', () => {
    const passing = only(policyWith({}, { 'error-rate': { ifUndecided: 'pass' } }), 'error-rate');
    const late = (errors: number) => [
      { canary: { ...bare, requests: 150, errors: 0 }, stable: bare },
      { canary: { ...bare, requests: 150, errors: 2 }, stable: bare },
      { canary: { ...bare, requests: 150, errors }, stable: bare },
    ];
    const before = guardrailOf(judge(passing, rollout(late(1))), 'error-rate');
    assert.deepEqual([before.verdict, before.reasonCode], ['hold', 'new-stage']);
    assert.equal(guardrailOf(judge(passing, rollout(late(2))), 'error-rate').verdict, 'hold');
    compare((one, more) => {
      if (more.verdict === 'promote') assert.equal(one.verdict, 'promote', one.reasonCode);
    }, passing);
  });
});
