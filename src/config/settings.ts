import { z } from 'zod';
import { secondsField } from '../domain/fields.js';
import { formatSeconds } from '../domain/units.js';

/** The kinds of single settings that a config section is made of, each with its default and its meaning. */

interface Span {
  /** Smallest allowed value, seconds. */
  readonly min?: number;
  /** Largest allowed value, seconds. */
  readonly max?: number;
}

/** A span of time, written as `10s`, `5m`, `30d` or a number of seconds; read as milliseconds. */
export function durationSetting(standard: string, meaning: string, { min = 0, max = Infinity }: Span = {}) {
  const range =
    max === Infinity
      ? `of at least ${formatSeconds(min)}`
      : `from ${formatSeconds(min)} to ${formatSeconds(max)}`;
  return secondsField()
    .refine((seconds) => seconds >= min && seconds <= max, { error: `a duration ${range}` })
    .transform((seconds) => seconds * 1000)
    .prefault(standard)
    .describe(meaning);
}

const bytesPer: Readonly<Record<string, number>> = {
  '': 1,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
};
const sizePattern = /^(\d+(?:\.\d+)?)\s*(kib|mib|gib|kb|mb|gb|)$/i;

const sizeExpected = 'a size such as "64KiB" or "1MiB", or a number of bytes, 1 or more';

/** A size, written as `64KiB`, `1MiB` or a number of bytes; read as bytes. */
function size() {
  return z.union([z.number(), z.string()], { error: sizeExpected }).transform((value, context) => {
    const match = sizePattern.exec(String(value).trim());
    const factor = bytesPer[(match?.[2] ?? '').toLowerCase()];
    const bytes = match === null || factor === undefined ? NaN : Math.floor(Number(match[1]) * factor);
    if (bytes >= 1 && Number.isSafeInteger(bytes)) return bytes;
    context.addIssue({ code: 'custom', message: sizeExpected, input: value });
    return z.NEVER;
  });
}

/** A size with a default. */
export function sizeSetting(standard: string, meaning: string) {
  return size().prefault(standard).describe(meaning);
}

/** A size that may be without a bound, written as `none`, which is the default; read as infinite bytes. */
export function boundSetting(meaning: string) {
  return z
    .union([z.literal('none').transform(() => Infinity), size()], {
      error: 'a size such as "10GiB", or "none"',
    })
    .prefault('none')
    .describe(meaning);
}

/** A whole number in a range, written as a number or as text. */
export function wholeSetting(
  standard: number,
  meaning: string,
  { min, max }: { readonly min: number; readonly max: number },
) {
  const expected = `a whole number from ${min} to ${max}`;
  return z
    .union([z.number(), z.string().regex(/^\s*\d+\s*$/, { error: expected })], { error: expected })
    .transform(Number)
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, { error: expected })
    .prefault(standard)
    .describe(meaning);
}

/** A text that is not empty. */
export function textSetting(standard: string, meaning: string) {
  return z.string().trim().min(1).prefault(standard).describe(meaning);
}
