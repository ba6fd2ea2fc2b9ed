import assert from 'node:assert/strict';
import type { z } from 'zod';
import {
  changeField,
  confidenceField,
  instantField,
  millisecondsField,
  nameField,
  numberField,
  rateField,
  secondsField,
  weightField,
  wholeNumberField,
} from '../../src/domain/fields.js';
import { parseWith } from '../../src/domain/parsing.js';
import { errorsOf, valueOf } from '../support/value-of.js';

const open = { min: 0, max: 1, open: true };

describe('fields of settings', () => {
  for (const [what, field, written, expected] of [
    ['rate', rateField(), '0.5%', 0.005],
    ['rate', rateField(), 0.005, 0.005],
    ['rate, 100 %', rateField(), '100%', 1],
    ['change', changeField(), '-3%', -0.03],
    ['change of more than double', changeField(), '250%', 2.5],
    ['number', numberField({ min: 0 }, 'a number'), '0.1', 0.1],
    ['whole number', wholeNumberField({ min: 2 }, 'a whole number'), '10', 10],
    ['milliseconds', millisecondsField(), '0.5s', 500],
    ['seconds', secondsField(), '2m', 120],
    ['no seconds', secondsField(), 0, 0],
    ['weight', weightField(), '5', 0.05],
    ['weight as a number', weightField(), 5, 0.05],
    ['confidence', confidenceField(), '95%', 0.95],
    ['confidence as a bare fraction', confidenceField(), '0.8', 0.8],
    ['confidence as a number', confidenceField(), 0.99, 0.99],
    ['instant', instantField(), '2026-01-05T11:00:00+01:00', Date.UTC(2026, 0, 5, 10)],
    ['name', nameField(), 'x'.repeat(253), 'x'.repeat(253)],
  ] as readonly (readonly [string, z.ZodType, unknown, unknown])[]) {
    it(`take a ${what}`, () => {
      assert.equal(valueOf(parseWith(field, written)), expected);
    });
  }

  for (const [what, field, written, message] of [
    ['a bare rate', rateField(), '0.5', /write "0\.5%" .* or "50%"/],
    ['a rate above 100 %', rateField(), '101%', /a rate between 0 and 100 %, got "101%"/],
    ['a rate of 0 where 0 is not meant', rateField(open), '0%', /a rate between 0 and 100 %/],
    ['a rate that is no text', rateField(), true, /a percentage such as "0\.5%".*, got true/],
    ['a loss of more than everything', changeField(), '-101%', /-100 % or more/],
    ['a number out of range', numberField({ max: 1 }, 'a share'), 2, /expected a share, got 2/],
    ['half a look', wholeNumberField({}, 'a whole number of looks'), '1.5', /a whole number of looks/],
    ['0 ms', millisecondsField(), 0, /above 0 ms/],
    ['a bare duration', secondsField(), '90', /with its unit such as "90s"/],
    ['a weight above 100', weightField(), 101, /from 0 to 100/],
    ['a certain confidence', confidenceField(), 1, /at least 0\.5 and below 1/],
    ['a confidence of less than a coin', confidenceField(), '49%', /at least 0\.5 and below 1/],
    ['a confidence in words', confidenceField(), 'high', /such as 0\.95 or "95%"/],
    ['a time without its zone', instantField(), '2026-01-05T10:00:00', /an ISO 8601 time/],
    ['an empty name', nameField(), '', /not empty/],
    ['a name that is too long', nameField(), 'x'.repeat(254), /at most 253 characters/],
    ['nothing', rateField(), undefined, /missing; expected a percentage/],
  ] as readonly (readonly [string, z.ZodType, unknown, RegExp])[]) {
    it(`refuse ${what}`, () => {
      const [error] = errorsOf(parseWith(field, written));
      assert.match(error?.message ?? '', message);
    });
  }
});
