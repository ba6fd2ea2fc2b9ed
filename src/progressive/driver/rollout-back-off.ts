const firstMs = 1_000;
const longestMs = 60_000;

/**
 * How long to wait after so many failures in a row, 1 or more: a second, twice as long each time, a minute at most.
 * @param share where between half and all of that, 0 to 1: so that many do not come back at the same instant
 */
export function rolloutBackOffMs(failures: number, share = 1): number {
  const wholeMs = Math.min(longestMs, firstMs * 2 ** Math.max(0, failures - 1));
  return wholeMs * (0.5 + share / 2);
}
