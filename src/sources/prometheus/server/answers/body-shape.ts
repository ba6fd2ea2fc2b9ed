import { illness, refusal, type Failure } from '../failure.js';

/** What the beginning of a body says: undefined while it may be JSON. */
export function shapeFailure(begin: Buffer): Failure | undefined {
  for (const byte of begin) {
    if (byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d) continue;
    if (byte === 0x7b) return undefined;
    return byte === 0x3c
      ? illness(
          'failed',
          'answers HTML in place of JSON: a proxy or a login page stands before it; check url',
        )
      : illness('failed', 'answers something else than JSON: check url');
  }
  return undefined;
}

/** A body that ended too early, or that is no answer of the query API. */
export function unreadableFailure(isCutShort: boolean): Failure {
  return isCutShort
    ? illness('failed', 'answers JSON that is cut short')
    : illness('failed', 'answers something else than the query API does: check url');
}

/** A body of which too much came. */
export function tooLargeFailure(maxBytes: number, setting: string): Failure {
  return refusal(
    'too-large',
    `answers more than ${formatBytes(maxBytes)} (${setting}): select less with where, or raise it`,
  );
}

function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${Number(amount.toFixed(1))} ${units[unit] ?? ''}`;
}
