/** Does something at most once in a time, and says how often it was not done since. */
export function seldom(
  intervalMs: number,
  act: (skipped: number, ...details: readonly unknown[]) => void,
): (...details: readonly unknown[]) => void {
  let lastMs = -Infinity;
  let skipped = 0;
  return (...details) => {
    const nowMs = performance.now();
    if (nowMs - lastMs < intervalMs) {
      skipped++;
      return;
    }
    lastMs = nowMs;
    act(skipped, ...details);
    skipped = 0;
  };
}
