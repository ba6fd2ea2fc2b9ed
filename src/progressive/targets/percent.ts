/** A share as a whole number from 0 to 100: platforms take others too, and give them another meaning. */
export function wholePercent(percent: number): number {
  return Math.min(100, Math.max(0, Math.round(percent)));
}
