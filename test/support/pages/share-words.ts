import { formatPercent } from '../../../src/domain/units.js';
import { wilsonInterval } from '../../../src/statistics/single-look-intervals.js';

/** A share as it stands in tables: `0 %`, `0.42 %`, `12 %`; nearly all is not told as all: `99.5 %`. */
export function percent(share: number): string {
  return formatPercent(share, share > 0.99 && share < 1 ? 3 : 2);
}

/** A count of runs as a share with Wilson's 95 % interval: `0.42 % (0.12–1.4)`. */
export function shareOf(count: number, runs: number): string {
  const [low, high] = wilsonInterval(count, runs).map((end) => percent(end).replace(' %', ''));
  return `${percent(count / runs)} (${low}–${high})`;
}

/** Several things in a row: `a, b and c`. */
export function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
