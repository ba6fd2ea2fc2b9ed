import { latencyBoundsMs } from '../latency-grid.js';
import { bottomBin } from '../score-grid.js';

/** The largest number that the columns for names and minutes hold, in every database. */
const largestInteger = 2 ** 31 - 1;

/** The last instant that can be written as a date with a year of four digits. */
const lastInstantMs = Date.parse('9999-12-31T23:59:59.999Z');

/** What a column of an export may hold: what it has to be, in words that a message can have. */
const kinds = {
  'a whole number': Number.isSafeInteger,
  'a number': Number.isFinite,
  'a count': (value: unknown) => isWithin(value, 0, Number.MAX_SAFE_INTEGER),
  'a minute': (value: unknown) => isWithin(value, 0, largestInteger),
  'an instant': (value: unknown) => isWithin(value, 0, lastInstantMs),
  'the number of a name': (value: unknown) => isWithin(value, 1, largestInteger),
  'the number of a row': (value: unknown) => isWithin(value, 1, Number.MAX_SAFE_INTEGER),
  'the number of a label': (value: unknown) => isWithin(value, 0, largestInteger),
  'a text': isText,
  'the role of a series': (value: unknown) => value === 'prediction' || value === 'outcome',
  'the kind of a series': (value: unknown) => value === 'scores' || value === 'labels' || value === 'sums',
  'the hash of an id': (value: unknown) => typeof value === 'string' && /^[\w-]{22}$/.test(value),
  // Those of scores go below zero; of labels there may be many, and -1 stands for all further ones.
  'counts by bin': (value: unknown) => isCounts(value, bottomBin, largestInteger),
  'counts by latency': (value: unknown) => isCounts(value, 0, latencyBoundsMs.length),
  'the document of a verdict': isDocument,
} as const satisfies Readonly<Record<string, (value: unknown) => boolean>>;

type Kind = keyof typeof kinds;

/** A kind of a column, be it that it may be null. */
export type ColumnKind =
  Kind | `${'an instant' | 'the number of a name' | 'a minute' | 'counts by latency'} or null`;

/** Whether a column of a kind may hold a value. */
export function isOfKind(kind: ColumnKind, value: unknown): boolean {
  if (kind.endsWith(' or null')) return value === null || kinds[kind.slice(0, -8) as Kind](value);
  return kinds[kind as Kind](value);
}

function isWithin(value: unknown, from: number, to: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}

/** Whether a text holds counts by bin, as the ledger writes them: each bin once, in their order. */
function isCounts(value: unknown, lowest: number, highest: number): boolean {
  const numbers = parsed(value);
  if (!Array.isArray(numbers) || numbers.length % 2 !== 0) return false;
  let last = lowest - 1;
  return (numbers as readonly unknown[]).every((number, index) => {
    if (index % 2 === 1) return isWithin(number, 1, Number.MAX_SAFE_INTEGER);
    if (!isWithin(number, last + 1, highest)) return false;
    last = number as number;
    return true;
  });
}

/** Whether a text is the document of a verdict. */
function isDocument(value: unknown): boolean {
  const document = parsed(value);
  if (typeof document !== 'object' || document === null) return false;
  const fields = new Map<string, unknown>(Object.entries(document));
  return ['id', 'verdict', 'model', 'canary'].every((name) => typeof fields.get(name) === 'string');
}

function parsed(value: unknown): unknown {
  if (!isText(value)) return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}
