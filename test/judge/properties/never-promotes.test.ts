import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Observations } from '../../../src/domain/observations.js';
import { judge } from '../../../src/judge/index.js';
import { arbitraryObservations } from '../../support/arbitrary-observations.js';
import { rollout, times } from '../../support/rollouts.js';
import { oddObservations } from './odd-observations.js';
import { policiesOfAllKinds } from './policies-of-all-kinds.js';

const seed = 20260105;
const policies = fc.constantFrom(...policiesOfAllKinds);

/** Rollouts that are often good enough to promote, and any others. */
const observed: fc.Arbitrary<Observations> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 20, max: 3000 }), fc.nat(8), fc.nat(10))
    .map(([looks, requests, thousandths, points]) =>
      rollout(
        times(looks, {
          weight: 0.1,
          canary: {
            requests,
            errors: (requests * thousandths) / 1000,
            conversion: 0.5 - points / 200,
          },
          stable: { requests: requests * 9 },
        }),
      ),
    ),
  arbitraryObservations(),
);

describe('no promote', () => {
  it('comes without a stable version, whatever the policy lets pass', () => {
    fc.assert(
      fc.property(policies, fc.oneof(observed, oddObservations()), (policy, observations) => {
        const alone = withoutStable(observations);
        assert.notEqual(judge(policy, alone).verdict, 'promote');
        const guardrail = policy.guardrails[0]?.name;
        assert.ok(guardrail !== undefined);
        for (const promoteWith of ['self', 'all'] as const) {
          const single = judge(policy, alone, { guardrail, promoteWith });
          assert.notEqual(single.verdict, 'promote');
        }
      }),
      { seed, numRuns: 300 },
    );
  });

  it('comes at a higher confidence where a lower one holds', () => {
    let promoted = 0;
    fc.assert(
      fc.property(
        policies,
        observed,
        fc.constantFrom([0.5, 0.8] as const, [0.8, 0.95] as const, [0.95, 0.999] as const),
        (policy, observations, [lower, higher]) => {
          const strict = judge({ ...policy, confidence: higher }, observations);
          const lenient = judge({ ...policy, confidence: lower }, observations);
          if (strict.verdict === 'promote') {
            promoted += 1;
            assert.equal(lenient.verdict, 'promote');
          }
          strict.guardrails.forEach((guardrail, index) => {
            if (guardrail.verdict === 'promote') {
              assert.equal(lenient.guardrails[index]?.verdict, 'promote', guardrail.name);
            }
          });
          // A rollback does not hang on the confidence at all.
          assert.equal(strict.verdict === 'rollback', lenient.verdict === 'rollback');
        },
      ),
      { seed, numRuns: 300 },
    );
    assert.ok(promoted > 20, `only ${promoted} promoted`);
  });

  it('comes with a smaller rate of false rollbacks where a larger one rolls back less', () => {
    fc.assert(
      fc.property(policies, observed, (policy, observations) => {
        const careful = judge({ ...policy, falseRollback: 0.001 }, observations);
        const quick = judge({ ...policy, falseRollback: 0.2 }, observations);
        careful.guardrails.forEach((guardrail, index) => {
          if (guardrail.verdict === 'rollback') assert.equal(quick.guardrails[index]?.verdict, 'rollback');
        });
        if (careful.verdict === 'rollback') assert.equal(quick.verdict, 'rollback');
      }),
      { seed, numRuns: 200 },
    );
  });
});

/** The canary's counts alone, and no word of another version. */
function withoutStable({ model, canary, looks }: Observations): Observations {
  return {
    model,
    canary,
    before: [],
    looks: looks.map((look) => ({
      startMs: look.startMs,
      endMs: look.endMs,
      ...(look.weight === undefined ? {} : { weight: look.weight }),
      ...(look.canary === undefined ? {} : { canary: look.canary }),
    })),
  };
}
