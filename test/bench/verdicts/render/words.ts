import type { ScenarioResult } from '../results.js';

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
