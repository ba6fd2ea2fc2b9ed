import type { FieldError } from '../../domain/errors.js';

/** Several times what any question has: more are a mistake, or meant to keep the service busy. */
const mostFields = 200;

/** As deep as settings of guardrails lie: `guardrails`, the guardrail, the setting. */
const deepest = 3;

/**
 * The one error of a question that has more fields than are looked at, those inside objects counted as well; undefined
 * where it has not. Its time does not grow with how many more they are, beyond reading their names.
 */
export function tooManyFields(values: Readonly<Record<string, unknown>>): FieldError | undefined {
  return countFields(values, mostFields, deepest) > mostFields
    ? { path: '', message: `expected at most ${mostFields} fields, those of guardrails counted, got more` }
    : undefined;
}

/** How many fields there are; counting ends beyond a number. */
function countFields(values: object, atMost: number, depth: number): number {
  const inside = Object.values(values) as readonly unknown[];
  let count = inside.length;
  if (depth === 1) return count;
  for (const value of inside) {
    if (count > atMost) break;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      count += countFields(value, atMost - count, depth - 1);
    }
  }
  return count;
}
