import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { GuardrailVerdict, VerdictDocument } from '../../../src/domain/verdict.js';
import { judge } from '../../../src/judge/index.js';
import { agree } from '../../support/assert-printed.js';
import { guardrailOf, policyWith } from '../../support/judging.js';
import { healthyLatency, rollout, slowLatency } from '../../support/rollouts.js';
import { scaledObservations } from './odd-observations.js';

const seed = 20260105;

/** Nothing left out, so that estimates are those of the same looks; veto and gates as they are. */
const policy = policyWith({ warmUpSeconds: 0, warmUpAfterWeightSeconds: 0 });

/**
 * A canary with chance in it beside a stable version without any: its rates are the same in every look, so that it
 * shows no dispersion and no incident, at any size.
 */
const drawn = fc.array(
  fc.record({
    requests: fc.constantFrom(40, 200, 900),
    thousandths: fc.oneof(fc.nat(5), fc.nat(60)),
    slow: fc.constantFrom(healthyLatency, slowLatency),
    accepted: fc.double({ min: 0.3, max: 0.7, noNaN: true }),
  }),
  { minLength: 2, maxLength: 9 },
);

const cases = fc.record({ looks: drawn, factor: fc.integer({ min: 2, max: 40 }) });

type DrawnLooks = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

function observed(looks: DrawnLooks) {
  return rollout(
    looks.map(({ requests, thousandths, slow, accepted }) => ({
      weight: 0.1,
      canary: {
        requests,
        errors: (requests * thousandths) / 1000,
        latency: slow,
        conversion: Math.round(requests * accepted) / requests,
      },
      stable: { requests: requests * 9, errors: 0 },
    })),
  );
}

describe('both arms so many times as large', () => {
  const compare = (check: (before: VerdictDocument, after: VerdictDocument, factor: number) => void) => {
    fc.assert(
      fc.property(cases, ({ looks, factor }) => {
        const observations = observed(looks);
        const larger = judge(policy, scaledObservations(observations, factor));
        check(judge(policy, observations), larger, factor);
      }),
      { seed, numRuns: 100 },
    );
  };
  const each = (
    names: readonly string[],
    before: VerdictDocument,
    after: VerdictDocument,
    check: (before: GuardrailVerdict, after: GuardrailVerdict) => void,
  ) => {
    for (const name of names) check(guardrailOf(before, name), guardrailOf(after, name));
  };
  const tails = ['error-rate', 'latency-p99'];
  const exact = [...tails, 'business-proxy'];

  it('have the same estimates and the same word of the table', () => {
    compare((before, after) => {
      each(exact, before, after, (one, more) => {
        // A gross failure is told of all looks, and the larger arm may prove one that the smaller could not.
        if (one.details['gross'] !== more.details['gross']) return;
        assert.ok(agree(one.estimate ?? -1, more.estimate ?? -1, 1e-9), one.name);
        assert.equal(one.literalVerdict, more.literalVerdict, one.name);
      });
      const psi = (document: VerdictDocument) => guardrailOf(document, 'prediction-drift').details['psiRaw'];
      assert.ok(agree(Number(psi(before)), Number(psi(after)), 1e-9));
    });
  });

  // A mixture of so-many-fold bets is at least the so-many-fold of the mixture's logarithm (Jensen).
  it('have so many times the evidence or more, where there is any', () => {
    compare((before, after, factor) => {
      each(exact, before, after, (one, more) => {
        if (one.details['gross'] === true || more.details['gross'] === true) return;
        for (const direction of ['rollback', 'promote'] as const) {
          const then = one.evidence[direction] ?? 0;
          const now = more.evidence[direction] ?? 0;
          if (then > 0) assert.ok(now >= factor * then * (1 - 1e-9), `${one.name} ${then} ${now}`);
        }
      });
    });
  });

  it('are rolled back on a tail or the proxy where the smaller ones are, and never promoted where those are rolled back', () => {
    let rollbacks = 0;
    compare((before, after) => {
      each(exact, before, after, (one, more) => {
        if (one.verdict === 'rollback') {
          rollbacks += 1;
          assert.equal(more.verdict, 'rollback', one.name);
        }
      });
      if (before.verdict === 'rollback') assert.notEqual(after.verdict, 'promote');
    });
    assert.ok(rollbacks > 30, `only ${rollbacks} rolled back`);
  });

  it('have tighter intervals', () => {
    compare((before, after) => {
      each(['error-rate', 'business-proxy'], before, after, (one, more) => {
        if (one.details['gross'] !== more.details['gross']) return;
        const [low, high] = one.interval ?? [null, null];
        const [nextLow, nextHigh] = more.interval ?? [null, null];
        if (low === null || high === null || nextLow === null || nextHigh === null) return;
        assert.ok(nextLow >= low - 1e-9 && nextHigh <= high + 1e-9, one.name);
      });
    });
  });
});
