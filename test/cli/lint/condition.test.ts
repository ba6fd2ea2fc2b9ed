import assert from 'node:assert/strict';
import { MeasurementError } from '../../../src/cli/lint/conditions/measurement-error.js';
import { parseCondition } from '../../../src/cli/lint/conditions/parse-condition.js';
import { followJsonPath } from '../../../src/cli/lint/conditions/json-path.js';

const measurement = [0.31, 'hold', 'a sentence'];

describe('parseCondition', () => {
  for (const [text, result, expected] of [
    ['result[1] == "hold"', measurement, true],
    ["result[1] == 'hold'", measurement, true],
    ['default(result, ["", ""])[1] == "promote"', null, false],
    ['default(result, ["", "promote"])[1] == "promote"', null, true],
    ['asFloat(result[0]) < 0.5 && not (result[1] == "promote")', measurement, true],
    ['result[1] == "promote" or result[0] >= 0.31', measurement, true],
    ['result.a["b c"].d == -1', { a: { 'b c': { d: -1 } } }, true],
    ['result.missing == nil', {}, true],
    ['result.constructor == nil', {}, true],
    ['!(result in [1, 2])', 3, true],
    ['isNil(result)', null, true],
    ['result[-2] == "hold"', measurement, true],
    ['len(result) != 3', measurement, false],
  ] as const) {
    it(`makes ${expected} of ${text}`, () => {
      assert.equal(parseCondition(text)?.(result), expected);
    });
  }

  for (const [text, result] of [
    ['result[1] == "hold"', null],
    ['result[3] == "hold"', measurement],
    ['result[-4] == "hold"', measurement],
    ['result.verdict == "hold"', measurement],
    ['result.missing < 1', {}],
    ['result.missing.deeper == 1', {}],
    ['result[1] && true', measurement],
    ['asFloat(result) < 1', 'much'],
    ['result[1] in "hold"', measurement],
  ] as const) {
    it(`tells that ${text} is an Error of ${JSON.stringify(result)}`, () => {
      assert.throws(() => parseCondition(text)?.(result), MeasurementError);
    });
  }

  for (const text of [
    'all(result, # > 1)',
    'result ==',
    '',
    '((result)',
    'x == 1',
    'result == "open',
    '('.repeat(1e5),
  ]) {
    it(`does not read ${text.slice(0, 40)}`, () => {
      assert.equal(parseCondition(text), undefined);
    });
  }
});

describe('followJsonPath', () => {
  const answer = { measurement, a: { 'b-c': 1 } };
  for (const [path, expected] of [
    ['{$}', { kind: 'value', value: answer }],
    ['{$.measurement}', { kind: 'value', value: measurement }],
    ['{ .measurement[1] }', { kind: 'value', value: 'hold' }],
    ["{$.a['b-c']}", { kind: 'value', value: 1 }],
    ['{$.measurement[7]}', { kind: 'nothing' }],
    ['{$.toString}', { kind: 'nothing' }],
    ['$.measurement', { kind: 'literal' }],
    ['{$.list[*]}', { kind: 'unknown' }],
    ['{range .a}', { kind: 'unknown' }],
  ] as const) {
    it(`follows ${path}`, () => {
      assert.deepEqual(followJsonPath(path, answer), expected);
    });
  }
});
