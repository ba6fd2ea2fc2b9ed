import type { PredictionValue } from '../../sources/index.js';
import { isName, readRecord } from '../line-fields.js';
import type { EventSettings } from './event-settings.js';

type Reading = Pick<EventSettings, 'output' | 'index' | 'kind'>;

/** Values lie in at most so many lists or objects of one element. */
const deepest = 4;

/**
 * The prediction of one instance, or undefined where it cannot be told which of its values that is. Of several numbers
 * `index` names the one, or its column's name; as a label they are classes with their scores, and the highest is it.
 */
export function predictionValue(
  instance: unknown,
  columns: readonly unknown[] | undefined,
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

function ofRow(row: readonly unknown[], columns: readonly unknown[] | undefined, reading: Reading): unknown {
  const { output, index, kind } = reading;
  if (index !== undefined) return row[index];
  const column = output === undefined ? -1 : (columns?.indexOf(output) ?? -1);
  if (column >= 0) return row[column];
  if (row.length === 1) return row[0];
  return kind === 'label' ? highest(row, columns) : undefined;
}

/** The class with the highest score: its name, or its number from 0. */
function highest(row: readonly unknown[], columns: readonly unknown[] | undefined): unknown {
  let best = -1;
  let bestScore = -Infinity;
  for (const [index, score] of row.entries()) {
    if (typeof score !== 'number') return undefined;
    if (score > bestScore) [best, bestScore] = [index, score];
  }
  if (best < 0) return undefined;
  return columns?.[best] ?? String(best);
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
