import type { Condition } from './condition.js';
import { kindOf } from './kind-of.js';
import { MeasurementError } from './measurement-error.js';

/** A call of one of Argo's functions or of the language. Throws a SyntaxError for any other. */
export function callOf(name: string, given: readonly Condition[]): Condition {
  const [first, second] = given;
  if (first === undefined) throw new SyntaxError(name);
  switch (name) {
    case 'default':
      if (second === undefined) throw new SyntaxError(name);
      // Argo's own looks at the whole result, whatever its first argument is.
      return (result) => (result === null || result === undefined ? second(result) : first(result));
    case 'isNil':
      return (result) => result === null || result === undefined;
    case 'asFloat':
    case 'asInt':
    case 'float':
    case 'int':
      return (result) => toNumber(first(result));
    case 'len':
      return (result) => {
        const value = first(result);
        if (typeof value === 'string' || Array.isArray(value)) return value.length;
        throw new MeasurementError('"len" needs a list or a text');
      };
    default:
      throw new SyntaxError(name);
  }
}

function toNumber(value: unknown): number {
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : NaN;
  if (Number.isNaN(number)) throw new MeasurementError(`${kindOf(value)} is no number`);
  return number;
}
