import { z } from 'zod';
import {
  parseFraction,
  parseMilliseconds,
  parseNumber,
  parseSeconds,
  parseWeightPercent,
  type UnitResult,
} from './units.js';

/**
 * Schemas of single settings. Each takes a number or the text that a person or Argo would write (Argo sends
 * every argument as a string) and gives a number in the unit that its name says.
 */

interface Range {
  readonly min?: number;
  readonly max?: number;
  /** Leave the ends of the range out. */
  readonly open?: boolean;
}

function unit(parse: (value: number | string) => UnitResult, expected: string, range: Range, show: string) {
  return z.union([z.number(), z.string()], { error: expected }).transform((value, context) => {
    const parsed = parse(value);
    if (typeof parsed !== 'number') {
      // A hint may quote the value; `unquoted` is for readers who must not see it.
      context.addIssue({
        code: 'custom',
        message: parsed.expected,
        input: value,
        params: { unquoted: expected },
      });
      return z.NEVER;
    }
    const { min = -Infinity, max = Infinity, open = false } = range;
    if (open ? parsed <= min || parsed >= max : parsed < min || parsed > max) {
      context.addIssue({ code: 'custom', message: show, input: value });
      return z.NEVER;
    }
    return parsed;
  });
}

/** A rate between 0 and 1: `"0.5%"` or 0.005. */
export function rateField(range: Range = { min: 0, max: 1 }, show = 'a rate between 0 and 100 %') {
  return unit(parseFraction, 'a percentage such as "0.5%", or a fraction such as 0.005', range, show);
}

/** A quantile from 0.1 to below 1: 0.99, `"0.99"` or `"99%"`. Unlike a rate, a bare text can mean one thing only. */
export function quantileField() {
  return shareField(
    (value) => value >= 0.1 && value < 1,
    'a quantile from 0.1 to below 1, such as 0.99 or "99%"',
  );
}

/** A relative change of -1 or more: `"-3%"` or -0.03. */
export function changeField() {
  return unit(
    parseFraction,
    'a relative change such as "-3%", or a fraction such as -0.03',
    { min: -1 },
    'a relative change of -100 % or more',
  );
}

/** A plain number in a range. */
export function numberField(range: Range, expected: string) {
  return unit(parseNumber, expected, range, expected);
}

/** A whole number in a range. */
export function wholeNumberField(range: Range, expected: string) {
  const whole = (value: number | string): UnitResult => {
    const parsed = parseNumber(value);
    return typeof parsed === 'number' && Number.isInteger(parsed) ? parsed : { expected };
  };
  return unit(whole, expected, range, expected);
}

/** A request time in milliseconds: `"200ms"`, `"0.5s"` or 200. */
export function millisecondsField() {
  return unit(
    parseMilliseconds,
    'a duration such as "200ms", or a number of milliseconds',
    { min: 0, open: true },
    'a duration above 0 ms',
  );
}

/** A span of time in seconds: `"2m"`, `"90s"` or 120. */
export function secondsField({ min = 0 }: { readonly min?: number } = {}) {
  const expected = 'a duration such as "2m", or a number of seconds';
  return unit(parseSeconds, expected, { min }, `a duration of ${min} s or more`);
}

/** A canary weight as a fraction, written as a percentage: `"5"`, `"5%"` or 5. */
export function weightField() {
  return unit(
    parseWeightPercent,
    'a percentage from 0 to 100 such as "5"',
    { min: 0, max: 1 },
    'a percentage from 0 to 100',
  );
}

/** The confidence of promote: `"95%"`, `"0.95"` or 0.95. Unlike a rate, a bare "0.95" can only mean one thing. */
export function confidenceField() {
  return shareField(
    (value) => value >= 0.5 && value < 1,
    'a confidence of at least 0.5 and below 1, such as 0.95 or "95%"',
  );
}

/** A share written as a plain number or with a percent sign. */
function shareField(accepts: (value: number) => boolean, expected: string) {
  const parse = (value: number | string): UnitResult => {
    const plain = parseNumber(value);
    const parsed = typeof plain === 'number' ? plain : parseFraction(value);
    return typeof parsed === 'number' && accepts(parsed) ? parsed : { expected };
  };
  return unit(parse, expected, {}, expected);
}

/** A name of 1 to 253 characters, the most that Kubernetes names have. */
export function nameField() {
  return z.string().min(1).max(253);
}

/** An instant as ISO 8601 with its offset, in milliseconds since the epoch. */
export function instantField() {
  return z.iso
    .datetime({ offset: true, error: 'an ISO 8601 time such as "2026-01-05T10:00:00Z"' })
    .transform((text) => Date.parse(text));
}
