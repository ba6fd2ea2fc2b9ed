/** Reading and writing of the units that people use in policies and requests: `0.5%`, `200ms`, `2m`. */

// A digit can be read in one way only: where it could in two, the time would grow with the square of the length.
const numberPattern = String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?`;
const percentage = new RegExp(`^(${numberPattern})\\s*%$`, 'i');
const bareNumber = new RegExp(`^${numberPattern}$`, 'i');
const duration = new RegExp(`^(${numberPattern})\\s*(ms|s|m|h|d)$`, 'i');

/** Longer texts are not repeated in a message. */
const longestShown = 60;

// Made once: a formatter costs far more than what it formats.
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

const millisecondsPer: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86400e3 };

/** What a unit parser answers: a number, or what was expected instead. */
export type UnitResult = number | { readonly expected: string };

/**
 * A rate or relative change as a fraction. Numbers are fractions already; strings carry a percent sign. A bare
 * string such as "0.5" is refused, since it could mean 50 % or 0.5 %.
 */
export function parseFraction(value: number | string): UnitResult {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : { expected: 'a finite number' };
  }
  const text = value.trim();
  const match = percentage.exec(text);
  if (match?.[1] !== undefined) return finite(Number(match[1]) / 100, 'a percentage such as "0.5%"');
  if (text.length <= longestShown && bareNumber.test(text)) {
    const number = Number(text);
    return {
      expected: `a percentage: write "${text}%" for ${text} percent or "${trimNumber(number * 100)}%" for the fraction ${text}`,
    };
  }
  return { expected: 'a percentage such as "0.5%"' };
}

function finite(value: number, expected: string): UnitResult {
  return Number.isFinite(value) ? value : { expected };
}

/** A plain number, or a string that holds one. */
export function parseNumber(value: number | string): UnitResult {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : { expected: 'a finite number' };
  }
  const text = value.trim();
  const expected = 'a number such as "0.2"';
  return bareNumber.test(text) ? finite(Number(text), expected) : { expected };
}

/** A request time in milliseconds: a number of milliseconds, or a string with its unit ("200ms", "0.5s"). */
export function parseMilliseconds(value: number | string): UnitResult {
  if (typeof value === 'number') {
    return Number.isFinite(value) && value >= 0 ? value : { expected: 'a number of milliseconds, 0 or more' };
  }
  const parsed = parseDurationMs(value);
  return parsed ?? { expected: 'a duration with its unit such as "200ms" or "0.5s"' };
}

/** A span of time in seconds: a number of seconds, or a string with its unit ("90s", "2m", "1h", "7d"). */
export function parseSeconds(value: number | string): UnitResult {
  if (typeof value === 'number') {
    return Number.isFinite(value) && value >= 0 ? value : { expected: 'a number of seconds, 0 or more' };
  }
  const parsed = parseDurationMs(value);
  return parsed === undefined
    ? { expected: 'a duration with its unit such as "90s", "2m" or "1h"' }
    : parsed / 1000;
}

function parseDurationMs(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '0') return 0;
  const match = duration.exec(trimmed);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  const factor = millisecondsPer[match[2].toLowerCase()];
  const amount = Number(match[1]);
  return factor === undefined || amount < 0 || !Number.isFinite(amount * factor)
    ? undefined
    : amount * factor;
}

/**
 * A canary weight as a fraction. Argo's `setWeight` is a percentage, so "5" and "5%" both mean 0.05; a number
 * means the same percentage.
 */
export function parseWeightPercent(value: number | string): UnitResult {
  const trimmed = String(value).trim();
  const text = trimmed.endsWith('%') ? trimmed.slice(0, -1).trimEnd() : trimmed;
  const expected = { expected: 'a percentage from 0 to 100 as in Argo\'s setWeight, such as "5" or "5%"' };
  if (!bareNumber.test(text)) return expected;
  const percent = Number(text);
  return percent >= 0 && percent <= 100 ? percent / 100 : expected;
}

/**
 * A figure written with as few digits as tell it apart from a threshold: 1.004 % against 1 % is "1.004 %", never
 * "1 %".
 *
 * @param format writes a value with so many significant digits
 */
export function formatApart(
  value: number,
  threshold: number,
  format: (value: number, digits: number) => string,
  digits = 2,
): string {
  let most = digits;
  while (most < 15 && format(value, most) === format(threshold, most)) most += 1;
  return format(value, most);
}

/** A number with at most `digits` significant digits and no trailing zeros: 0.0350 -> "0.035". */
export function trimNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return value > 0 ? 'infinity' : value < 0 ? '-infinity' : 'not a number';
  if (Math.abs(value) >= 10 ** digits) return grouped.format(Math.round(value));
  return String(Number(value.toPrecision(digits)));
}

/** A count for a sentence, with thousands set apart: 1613 -> "1,613"; fractions to one digit. */
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** A fraction as a percentage for a sentence: 0.0123 -> "1.23 %". */
export function formatPercent(fraction: number, digits = 3): string {
  const percent = fraction * 100;
  return `${trimNumber(Math.abs(percent) < 1e-12 ? 0 : percent, digits)} %`;
}

/** A relative change with its sign: -0.06 -> "-6 %", 0.021 -> "+2.1 %"; beyond +1,000 % it says only that. */
export function formatChange(fraction: number, digits = 2): string {
  if (fraction > 10) return 'more than +1,000 %';
  const text = formatPercent(fraction, digits);
  return fraction > 0 ? `+${text}` : text;
}

/** A time in milliseconds for a sentence: 850 -> "850 ms", 12000 -> "12 s". */
export function formatMilliseconds(ms: number, digits = 3): string {
  return ms >= 10_000 ? `${trimNumber(ms / 1000, digits)} s` : `${trimNumber(ms, digits)} ms`;
}

/** A span of time for a sentence, as a person would say how long to wait: "45 s", "4 min", "2.5 h", "3 d". */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.ceil(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${trimNumber(seconds / 3600, 2)} h`;
  return `${trimNumber(seconds / 86400, 2)} d`;
}

/** Odds for a sentence from natural-log evidence: 1.1 -> "3:1"; nothing in favour -> "none". */
export function formatOdds(logEvidence: number): string {
  if (logEvidence <= 0) return 'none';
  const odds = Math.exp(Math.min(logEvidence, 700));
  if (odds >= 1e6) return 'over 1,000,000:1';
  const floored = odds < 10 ? Math.floor(odds * 10 + 1e-6) / 10 : Math.floor(odds + 1e-6);
  return `${grouped.format(floored)}:1`;
}

/** An instant as ISO 8601 in UTC without needless milliseconds. */
export function formatInstant(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('.000Z', 'Z');
}
