/** Length of a look, and how long after its end it is complete: as the sources have it. */
export const lookMs = 60_000;
export const settleMs = 10_000;

/** The end of the newest complete look. */
export function newestLookEndMs(nowMs: number): number {
  return Math.floor((nowMs - settleMs) / lookMs) * lookMs;
}
