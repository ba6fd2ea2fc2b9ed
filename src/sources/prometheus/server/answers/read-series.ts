import type { NativeHistogram, QuerySeries } from '../query.js';
import { readLabels } from './read-labels.js';
import { readNativeHistogram } from './native-histogram.js';
import { readPlainSeries } from './read-plain-series.js';
import { readSampleValue } from './sample-value.js';

/**
 * One element of the `result` of a query: the samples of a series. Two series where it holds both numbers and native
 * histograms, none where nothing of it can be counted.
 *
 * @returns undefined for what no server should write
 */
export function readSeries(element: Buffer): readonly QuerySeries[] | undefined {
  const plain = readPlainSeries(element);
  if (plain !== undefined) return isOfUse(plain) ? [plain] : [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(element.toString('utf8'));
  } catch {
    return undefined;
  }
  return typeof parsed === 'object' && parsed !== null
    ? readParsedSeries(parsed as Readonly<Record<string, unknown>>)
    : undefined;
}

function readParsedSeries(parsed: Readonly<Record<string, unknown>>): readonly QuerySeries[] | undefined {
  const labels = readLabels(parsed['metric']);
  const numbers = readSamples(parsed['values'], parsed['value'], readNumber);
  const histograms = readSamples(parsed['histograms'], parsed['histogram'], readNativeHistogram);
  if (labels === undefined || numbers === undefined || histograms === undefined) return undefined;
  return [
    { labels, ...numbers },
    { labels, ...histograms },
  ].filter(isOfUse);
}

function isOfUse({ values, showsNoNumbers }: QuerySeries): boolean {
  return values.length > 0 || showsNoNumbers === true;
}

/** Of the same length. */
interface Samples<T> {
  readonly timesMs: readonly number[];
  readonly values: readonly T[];
  readonly showsNoNumbers?: true;
}

/** `[seconds, value]` pairs; those that are left out are left out, their order is checked. */
function readSamples<T extends number | NativeHistogram>(
  many: unknown,
  one: unknown,
  read: (value: unknown) => T | 'left-out' | undefined,
): Samples<T> | undefined {
  const pairs = many ?? (one === undefined ? [] : [one]);
  if (!Array.isArray(pairs)) return undefined;
  const timesMs: number[] = [];
  const values: T[] = [];
  let lastMs = -Infinity;
  let isNumber = true;
  let showsNoNumbers = false;
  for (const pair of pairs as readonly unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== 'number') return undefined;
    const timeMs = Math.round(pair[0] * 1000);
    // Something is wrong with a series that has two values at one time, or goes back: none of it may be counted.
    if (timeMs <= lastMs) return undefined;
    lastMs = timeMs;
    const value = read(pair[1]);
    if (value === undefined) return undefined;
    if (value === 'left-out') {
      showsNoNumbers ||= !isNumber;
      isNumber = false;
      continue;
    }
    isNumber = true;
    timesMs.push(timeMs);
    values.push(value);
  }
  return { timesMs, values, ...(showsNoNumbers ? { showsNoNumbers } : {}) };
}

function readNumber(value: unknown): number | 'left-out' | undefined {
  if (value === null) return 'left-out';
  const number = readSampleValue(value);
  return number !== undefined && Number.isNaN(number) ? 'left-out' : number;
}
