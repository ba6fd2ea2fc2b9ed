const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const noCount = /^(?:nan|[+-]?inf(?:inity)?)$/i;

/**
 * A number as servers write it, in a text.
 *
 * @returns NaN for what is no finite number (NaN, which marks the end of a series too, and infinities); undefined for what
 *   no server should write
 */
export function readSampleValue(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  if (decimal.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : NaN;
  }
  return noCount.test(text) ? NaN : undefined;
}

/** The same for a bound of a bucket, which may be infinite but not NaN. */
export function readBound(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  if (decimal.test(text)) return Number(text);
  const match = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (match === null) return undefined;
  return match[1] === '-' ? -Infinity : Infinity;
}
