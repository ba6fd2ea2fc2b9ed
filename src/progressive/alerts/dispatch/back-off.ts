const firstMs = 1000;
const longestMs = 5 * 60_000;

/**
 * How long to wait after so many failures in a row: from 1 s, twice as long each time, up to 5 min, of which a random part of
 * up to a half is left away, so that those who failed together do not come back together.
 *
 * @param random from 0 to 1
 */
export function backOffMs(failures: number, random: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(full * (1 - random / 2));
}
