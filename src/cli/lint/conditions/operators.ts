import { MeasurementError } from './measurement-error.js';
import { kindOf } from './kind-of.js';

/** Comparisons by their signs. */
export const comparisons: Readonly<Record<string, (left: unknown, right: unknown) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => order(left, right) < 0,
  '<=': (left, right) => order(left, right) <= 0,
  '>': (left, right) => order(left, right) > 0,
  '>=': (left, right) => order(left, right) >= 0,
  in: (left, right) => {
    if (Array.isArray(right)) return right.includes(left);
    throw new MeasurementError('"in" needs a list');
  },
};

/** A value that has to be true or false. */
export function truth(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new MeasurementError(`${kindOf(value)} stands where true or false is needed`);
}

function order(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  throw new MeasurementError(`${kindOf(left)} cannot be compared with ${kindOf(right)}`);
}

/** A field of an object, or an entry of a list. */
export function member(whole: unknown, key: unknown): unknown {
  if (Array.isArray(whole) && typeof key === 'number') {
    // A negative one counts from the end.
    const index = key < 0 ? whole.length + key : key;
    if (index >= 0 && index < whole.length) return whole[index] as unknown;
    throw new MeasurementError(`the list has no entry ${key}`);
  }
  if (typeof whole === 'object' && whole !== null && !Array.isArray(whole) && typeof key === 'string') {
    return Object.hasOwn(whole, key) ? (whole as Readonly<Record<string, unknown>>)[key] : null;
  }
  throw new MeasurementError(
    `${kindOf(whole)} has no ${typeof key === 'number' ? `entry ${key}` : 'fields'}`,
  );
}
