import assert from 'node:assert/strict';
import fc from 'fast-check';
import { observationsToFile, parseObservations } from '../../../src/domain/observations-file.js';
import type { ArmCounts, Observations } from '../../../src/domain/observations.js';
import { verdictCodes } from '../../../src/domain/verdict.js';
import { judge, replay } from '../../../src/judge/index.js';
import { arbitraryObservations } from '../../support/arbitrary-observations.js';
import { valueOf } from '../../support/value-of.js';
import { policiesOfAllKinds } from './policies-of-all-kinds.js';

/** What only some sources give: quantiles in place of histograms, outcomes that count when they arrive. */

const seed = 20260105;
const anyPolicy = fc.constantFrom(...policiesOfAllKinds);
const milliseconds = fc.oneof(
  fc.double({ min: 0, max: 1200, noNaN: true }),
  fc.constantFrom(0, 1e-9, 100, 199, 200, 500, 501, 1e15),
);

type Told = readonly (readonly [number, number])[];
const told: fc.Arbitrary<Told> = fc
  .tuple(fc.option(milliseconds), fc.option(milliseconds, { freq: 8 }))
  .map(([middle, high]) => [
    ...(middle === null ? [] : [[0.5, middle] as const]),
    ...(high === null ? [] : [[0.99, high] as const]),
  ]);

function withQuantiles(arm: ArmCounts, quantiles: Told, keepLatency: boolean): ArmCounts {
  const { latency, ...rest } = arm;
  return {
    ...rest,
    ...(keepLatency && latency !== undefined ? { latency } : {}),
    ...(quantiles.length === 0 ? {} : { quantiles: new Map(quantiles) }),
  };
}

/** The observations with such quantiles in every arm of every look. */
function toldObservations(observations: Observations, drawn: readonly Told[], keepLatency = false) {
  let next = 0;
  const of = (arm: ArmCounts): ArmCounts =>
    withQuantiles(arm, drawn[next++ % drawn.length] ?? [], keepLatency);
  return {
    ...observations,
    before: observations.before.map((look) => ({ ...look, stable: of(look.stable) })),
    looks: observations.looks.map((look) => ({
      ...look,
      ...(look.canary === undefined ? {} : { canary: of(look.canary) }),
      ...(look.stable === undefined ? {} : { stable: of(look.stable) }),
    })),
  } satisfies Observations;
}

const drawnQuantiles = fc.array(told, { minLength: 1, maxLength: 40 });
const rollouts = fc.tuple(arbitraryObservations(14), drawnQuantiles);
const names = fc.subarray(['default', 'hit-rate', 'unknown']);

describe('whatever quantiles and arrivals come, the judge', () => {
  it('answers with finite numbers, and the same of a written file', () => {
    fc.assert(
      fc.property(anyPolicy, rollouts, fc.boolean(), names, (policy, [plain, drawn], keep, arrival) => {
        const observations = { ...toldObservations(plain, drawn, keep), outcomesByArrival: arrival };
        const document = judge(policy, observations);
        assert.doesNotMatch(JSON.stringify(document), /NaN|Infinity|undefined|not a number|infinity/);
        for (const { name, interval, intervalKind } of document.guardrails) {
          assert.equal(interval === null, intervalKind === null, name);
        }
        const file: unknown = JSON.parse(JSON.stringify(observationsToFile(observations)));
        const copy = valueOf(parseObservations(file));
        assert.equal([...replay(policy, copy)].length > 0, copy.looks.length > 0);
        assert.deepEqual(judge(policy, copy), document);
      }),
      { seed, numRuns: 120 },
    );
  });

  it('takes no notice of quantiles where the two versions have histograms', () => {
    const both = rollouts.filter(([{ looks }]) =>
      looks.some((look) => look.canary?.latency !== undefined && look.canary.requests > 0),
    );
    fc.assert(
      fc.property(anyPolicy, both, (policy, [plain, drawn]) => {
        const { id, ...document } = judge(policy, toldObservations(plain, drawn, true));
        const { id: other, ...expected } = judge(policy, plain);
        assert.deepEqual(document, expected);
        const quantiles = drawn.some((some) => some.length > 0);
        if (!quantiles) assert.equal(id, other);
      }),
      { seed, numRuns: 80 },
    );
  });

  it('never likes a slower canary better', () => {
    const slower = fc.tuple(fc.double({ min: 1, max: 10, noNaN: true }), fc.nat(500));
    fc.assert(
      fc.property(anyPolicy, rollouts, slower, (policy, [plain, drawn], [factor, more]) => {
        const observations = toldObservations(plain, drawn);
        const slow = {
          ...observations,
          looks: observations.looks.map((look) => {
            const { canary } = look;
            if (canary?.quantiles === undefined) return look;
            const quantiles = new Map([...canary.quantiles].map(([q, ms]) => [q, ms * factor + more]));
            return { ...look, canary: { ...canary, quantiles } };
          }),
        };
        const after = judge(policy, slow).guardrails;
        judge(policy, observations).guardrails.forEach(({ name, verdict }, index) => {
          const then = after[index]?.verdict ?? 'promote';
          assert.ok(verdictCodes[then] <= verdictCodes[verdict], name);
        });
      }),
      { seed, numRuns: 100 },
    );
  });

  it('states no rate of false promotions where a guardrail has none', () => {
    fc.assert(
      fc.property(anyPolicy, rollouts, names, (policy, [plain, drawn], arrival) => {
        const observations = { ...toldObservations(plain, drawn), outcomesByArrival: arrival };
        const { guarantee, guardrails } = judge(policy, observations);
        if (guarantee === 'none' || !guardrails.some((one) => one.guarantee === 'none')) return;
        assert.equal('falsePromotion' in guarantee, false);
      }),
      { seed, numRuns: 100 },
    );
  });

  it('lets no proxy decide whose outcomes count when they arrive, and leaves the other guardrails alone', () => {
    const outcomeOf = (settings: object) => ('outcome' in settings ? settings.outcome : undefined);
    fc.assert(
      fc.property(anyPolicy, arbitraryObservations(14), names, (policy, observations, arrival) => {
        const plain = judge(policy, observations);
        const document = judge(policy, { ...observations, outcomesByArrival: arrival });
        document.guardrails.forEach((guardrail, index) => {
          const outcome = outcomeOf(policy.guardrails[index] ?? {});
          const usual = plain.guardrails[index];
          if (typeof outcome !== 'string' || !arrival.includes(outcome)) {
            assert.deepEqual(guardrail, usual);
            return;
          }
          assert.equal(guardrail.verdict, 'hold');
          assert.ok(['partial-data', 'not-measured', 'no-data'].includes(guardrail.reasonCode));
          for (const field of ['estimate', 'interval', 'evidence', 'literalVerdict', 'samples'] as const) {
            assert.deepEqual(guardrail[field], usual?.[field], field);
          }
        });
      }),
      { seed, numRuns: 120 },
    );
  });
});
