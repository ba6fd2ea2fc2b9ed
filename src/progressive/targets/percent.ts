/** A share as a whole number from 0 to 100: platforms take others too, and give them another meaning. */
export function wholePercent(percent: number): number {
  return Math.min(100, Math.max(0, Math.round(percent)));
}

/** Whether what stands in a resource is a share that means what it says. */
export function isWholePercent(written: unknown): written is number {
  return typeof written === 'number' && Number.isInteger(written) && written >= 0 && written <= 100;
}

/** What is wrong with a share that somebody wrote; undefined: nothing, or nothing is written. */
export function percentProblem(at: string, written: unknown): string | undefined {
  return written === undefined || written === null || isWholePercent(written)
    ? undefined
    : `${at} is ${JSON.stringify(written)}, which is no whole percentage from 0 to 100.`;
}
