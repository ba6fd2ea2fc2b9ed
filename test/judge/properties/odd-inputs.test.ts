import assert from 'node:assert/strict';
import fc from 'fast-check';
import { observationsToFile, parseObservations } from '../../../src/domain/observations-file.js';
import { judge, replay, type Question } from '../../../src/judge/index.js';
import { valueOf } from '../../support/value-of.js';
import { oddObservations } from './odd-observations.js';
import { policiesOfAllKinds } from './policies-of-all-kinds.js';

const seed = 20260105;
const judgements = fc.tuple(fc.constantFrom(...policiesOfAllKinds), oddObservations());

describe('whatever valid input comes, the judge', () => {
  it('answers, with finite numbers alone', () => {
    fc.assert(
      fc.property(judgements, ([policy, observations]) => {
        const text = JSON.stringify(judge(policy, observations));
        // JSON writes what is no number as null: the document must have kept nothing that it cannot write.
        assert.doesNotMatch(text, /NaN|Infinity|undefined|not a number|infinity/);
        const document = judge(policy, observations);
        assert.deepEqual(unwritable(document), []);
        for (const { name, interval, intervalKind } of document.guardrails) {
          assert.equal(interval === null, intervalKind === null, name);
        }
      }),
      { seed, numRuns: 500 },
    );
  });

  it('gives the same bytes again, also from a written file, and whatever was asked before', () => {
    fc.assert(
      fc.property(judgements, ([policy, observations]) => {
        const first = JSON.stringify(judge(policy, observations));
        assert.equal(JSON.stringify(judge(policy, observations)), first);
        const file: unknown = JSON.parse(JSON.stringify(observationsToFile(observations)));
        const copy = valueOf(parseObservations(file));
        // Asked on the way as well, so that anything remembered of the looks would show.
        assert.equal([...replay(structuredClone(policy), copy)].length > 0, copy.looks.length > 0);
        assert.equal(JSON.stringify(judge(structuredClone(policy), copy)), first);
      }),
      { seed, numRuns: 150 },
    );
  });

  it('says of one guardrail alone what the combined document says of it', () => {
    fc.assert(
      fc.property(
        judgements,
        fc.constantFrom(undefined, 'all' as const),
        ([policy, observations], promoteWith) => {
          const combined = judge(policy, observations);
          for (const { name } of policy.guardrails) {
            const question: Question = {
              guardrail: name,
              ...(promoteWith === undefined ? {} : { promoteWith }),
            };
            const [alone] = judge(policy, observations, question).guardrails;
            const together = combined.guardrails.find((one) => one.name === name);
            assert.ok(alone !== undefined && together !== undefined);
            // Its promote may be kept back by what concerns all guardrails; its figures are its own.
            if (alone.verdict !== together.verdict) {
              assert.ok(alone.verdict === 'hold' || together.reasonCode === 'not-measured', name);
            }
            const { verdict, reasonCode, reason } = alone;
            assert.deepEqual({ ...together, verdict, reasonCode, reason }, alone);
          }
        },
      ),
      { seed, numRuns: 120 },
    );
  });

  it('says at every look of a replay what it says when asked then', () => {
    fc.assert(
      fc.property(judgements, ([policy, observations]) => {
        const documents = [...replay(policy, observations)];
        const asked = observations.looks.filter(({ endMs }) => endMs <= (observations.asOfMs ?? Infinity));
        assert.equal(documents.length, asked.length);
        asked.forEach(({ endMs }, index) => {
          const then = structuredClone({ ...observations, asOfMs: endMs });
          assert.equal(JSON.stringify(documents[index]), JSON.stringify(judge(policy, then)));
        });
      }),
      { seed, numRuns: 60 },
    );
  });
});

/** Paths of what JSON cannot write as it is. */
function unwritable(value: unknown, path = ''): readonly string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (value === undefined) return [`${path} is undefined`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => unwritable(entry, `${path}.${key}`));
}
