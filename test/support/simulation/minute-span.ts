/** When simulated canaries get their first request. */
export const startMs = Date.UTC(2026, 0, 5, 10);

export const minuteMs = 60_000;

/** The minute of a look: 0 is the canary's first, minutes before it are negative. */
export function minuteSpan(index: number): { readonly startMs: number; readonly endMs: number } {
  const from = startMs + index * minuteMs;
  return { startMs: from, endMs: from + minuteMs };
}
