import assert from 'node:assert/strict';
import { splitArguments } from '../../../src/server/verdict/split-arguments.js';

/** So many fields with a name of their own each. */
function fields(count: number, nameOf: (index: number) => string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [nameOf(index), 1]));
}

describe('the arguments of a verdict', () => {
  it('say which name could be meant for the first unknown ones, and that the others are unknown', () => {
    const { errors } = splitArguments({
      ...fields(15, (index) => `promoteBelo${index}`),
      guardrails: { 'error-rate': fields(15, (index) => `rollbackAbov${index}`) },
    });
    assert.equal(errors.length, 30);
    assert.match(errors[0]?.message ?? '', /^unknown field; did you mean "promoteBelow"\?$/);
    assert.match(errors[19]?.message ?? '', /^unknown field; did you mean "rollbackAbove"\?$/);
    assert.deepEqual(
      errors.slice(20).map(({ message }) => message),
      Array.from({ length: 10 }, () => 'unknown field'),
    );
  });

  for (const [what, values] of [
    ['beside the others', fields(199, (index) => `field${index}`)],
    ['of one guardrail', { guardrails: { 'error-rate': fields(197, (index) => `field${index}`) } }],
    ['of guardrails', { guardrails: fields(198, (index) => `guardrail${index}`) }],
    [
      'that are empty objects',
      { guardrails: Object.fromEntries(Array.from({ length: 198 }, (_, index) => [`g${index}`, {}])) },
    ],
    ['with a dot', fields(199, (index) => `error-rate.field${index}`)],
  ] as const) {
    it(`are refused in one sentence where they are more than 200, ${what}`, () => {
      const allowed = splitArguments({ model: 'm', ...values });
      assert.doesNotMatch(JSON.stringify(allowed.errors), /at most 200/);
      const { named, flat, byGuardrail, errors } = splitArguments({
        model: 'm',
        canary: 'c',
        step: '',
        ...values,
      });
      assert.deepEqual(errors, [
        { path: '', message: 'expected at most 200 fields, those of guardrails counted, got more' },
      ]);
      assert.deepEqual([named, flat, byGuardrail], [{ model: 'm', canary: 'c' }, {}, {}]);
    });
  }
});
