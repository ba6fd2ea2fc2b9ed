import type { PredictionValue } from '../../sources/index.js';
import { isName, readRecord } from '../line-fields.js';
import type { EventSettings } from './event-settings.js';

type Reading = Pick<EventSettings, 'output' | 'index' | 'kind'>;

/** What the values of a row are called. */
export interface Columns {
  readonly names: readonly unknown[];
  /** Where the wanted one stands; -1: none is wanted, or there is none of its name. */
  readonly wanted: number;
}

/** The columns of all rows of a body, of which one is looked up once: there may be many of either. */
export function columnsOf(names: readonly unknown[], output: string | undefined): Columns {
  return { names, wanted: output === undefined ? -1 : names.indexOf(output) };
}

/** Values lie in at most so many lists or objects of one element. */
const deepest = 4;

/**
 * The prediction of one instance, or undefined where it cannot be told which of its values that is. Of several numbers
 * `index` names the one, or its column's name; as a label they are classes with their scores, and the highest is it.
 */
export function predictionValue(
  instance: unknown,
  columns: Columns | undefined,
  reading: Reading,
): PredictionValue | undefined {
  let value = instance;
  for (let depth = 0; depth < deepest; depth++) {
    if (Array.isArray(value))
      value = ofRow(value as readonly unknown[], depth === 0 ? columns : undefined, reading);
    else if (typeof value === 'object' && value !== null) value = ofObject(value, reading);
    else return ofScalar(value, reading);
  }
  return undefined;
}

function ofRow(row: readonly unknown[], columns: Columns | undefined, { index, kind }: Reading): unknown {
  if (index !== undefined) return row[index];
  if (columns !== undefined && columns.wanted >= 0) return row[columns.wanted];
  if (row.length === 1) return row[0];
  return kind === 'label' ? highest(row, columns) : undefined;
}

/** The class with the highest score: its name, or its number from 0. */
function highest(row: readonly unknown[], columns: Columns | undefined): unknown {
  let best = -1;
  let bestScore = -Infinity;
  for (const [index, score] of row.entries()) {
    if (typeof score !== 'number') return undefined;
    if (score > bestScore) [best, bestScore] = [index, score];
  }
  if (best < 0) return undefined;
  return columns?.names[best] ?? String(best);
}

function ofObject(value: object, { output }: Reading): unknown {
  const record = readRecord(value) ?? {};
  if (output !== undefined) return Object.hasOwn(record, output) ? record[output] : undefined;
  const values = Object.values(record);
  return values.length === 1 ? values[0] : undefined;
}

function ofScalar(value: unknown, { kind }: Reading): PredictionValue | undefined {
  if (kind === 'label') {
    const label = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    return isName(label) ? label : undefined;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return kind === undefined && isName(value) ? value : undefined;
}
