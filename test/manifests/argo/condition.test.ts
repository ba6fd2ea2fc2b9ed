import assert from 'node:assert/strict';
import { ConditionError, evaluateCondition } from './condition.js';

const guarded = 'default(result, ["", ""])[1] == "promote"';
const plain = 'result[1] == "promote"';

describe('condition', () => {
  for (const condition of [guarded, plain]) {
    describe(condition, () => {
      it('is true for the verdict that it names, and for no other one', () => {
        assert.equal(evaluateCondition(condition, [0.31, 'promote', 'a sentence']), true);
        assert.equal(evaluateCondition(condition, [0.31, 'hold', 'a sentence']), false);
        assert.equal(evaluateCondition(condition, [null, 'rollback', '']), false);
        assert.equal(evaluateCondition(condition, [0.31, 'PROMOTE', '']), false);
      });

      it('is an error where the entry does not exist', () => {
        assert.throws(() => evaluateCondition(condition, [0.31]), /reflect: slice index out of range/);
        assert.throws(() => evaluateCondition(condition, 0.104), /type float64\[int\] is undefined/);
        assert.throws(() => evaluateCondition(condition, { verdict: 'promote' }), ConditionError);
        assert.throws(() => evaluateCondition(condition, 'promote'), ConditionError);
      });
    });
  }

  it('is an error on null by itself, and false behind default', () => {
    assert.throws(() => evaluateCondition(plain, null), /type <nil>\[int\] is undefined/);
    assert.equal(evaluateCondition(guarded, null), false);
  });

  it('asks default about the whole result, whatever stands in it', () => {
    assert.equal(
      evaluateCondition('default("ignored", ["", "promote"])[1] == "promote"', [1, 'hold']),
      false,
    );
    assert.equal(evaluateCondition('default(result, ["", "promote"])[1] == "promote"', null), true);
  });

  it('reads indices one behind the other', () => {
    assert.equal(evaluateCondition('result[1][0] == "promote"', [0, ['promote']]), true);
    assert.equal(evaluateCondition('default(result, [[1.5], "x"])[1] == "x"', null), true);
  });

  for (const condition of [
    'result.verdict == "promote"',
    'result[1] != "promote"',
    'result?.[1] == "promote"',
    'result[-1] == "promote"',
    'result[1] == "promote" && true',
    'default(result)[1] == "promote"',
    'result[1]',
    'result[1] == "promote',
    '',
  ]) {
    it(`refuses what it does not evaluate: ${condition}`, () => {
      assert.throws(() => evaluateCondition(condition, [0, 'promote', '']), SyntaxError);
    });
  }
});
