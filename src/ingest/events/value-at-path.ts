import { readRecord } from '../line-fields.js';

/** So many values of a list are followed at most. */
const mostValues = 10_000;

/**
 * The value at a path: names of fields and positions in lists, one after the other; `*` is every element of a list.
 * Undefined where the path leads nowhere.
 */
export function valueAtPath(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const [depth, step] of path.entries()) {
    if (Array.isArray(at)) {
      const list = at as readonly unknown[];
      if (step === '*') {
        const rest = path.slice(depth + 1);
        return list.slice(0, mostValues).flatMap((element) => {
          const found = valueAtPath(element, rest);
          return found === undefined ? [] : [found];
        });
      }
      at = /^\d+$/.test(step) ? list[Number(step)] : undefined;
    } else {
      const record = readRecord(at);
      at = record !== undefined && Object.hasOwn(record, step) ? record[step] : undefined;
    }
    if (at === undefined) return undefined;
  }
  return at;
}
