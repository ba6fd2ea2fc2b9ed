import type { ScenarioResult } from '../results.js';
import { wilson } from '../wilson.js';

/** A share as `0 %`, `0.4 %`, `12 %`. */
export function percent(share: number): string {
  const value = 100 * share;
  const text = value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0);
  return `${text} %`;
}

/** A count of runs as a share with its 95 % interval: `0.4 % (0.1–1.4)`. */
export function shareOf(count: number, runs: number): string {
  const [low, high] = wilson(count, runs).map((end) => percent(end).replace(' %', ''));
  return `${percent(count / runs)} (${low}–${high})`;
}

/** Minutes, or `>60` where no more runs get there in the time that is judged. */
export function minutes(value: number | null, longest = 60): string {
  return value === null ? `>${longest}` : String(value);
}

/** Median and 95th percentile: `6 / 11`. */
export function minutesPair(
  { medianMinutes, p95Minutes }: Pick<ScenarioResult, 'medianMinutes' | 'p95Minutes'>,
  longest = 60,
): string {
  return `${minutes(medianMinutes, longest)} / ${minutes(p95Minutes, longest)}`;
}

/** Several things in a row: `a, b and c`. */
export function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
