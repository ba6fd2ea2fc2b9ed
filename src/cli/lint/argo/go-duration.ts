const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g;
const whole = new RegExp(`^(?:0|(?:${part.source})+)$`);
const secondsPer: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Seconds of a duration as Go writes it ("60s", "1h30m"); undefined for anything else ("60", "1d", "-5m"). */
export function goDurationSeconds(text: string): number | undefined {
  // A repeated group over long digits would take its time.
  if (text.length > 40 || !whole.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(part)) {
    seconds += Number(amount) * (secondsPer[unit ?? ''] ?? 0);
  }
  return seconds;
}

/** Seconds of `pause.duration`: a number, its text, or a duration. */
export function pauseSeconds(duration: string): number | undefined {
  return /^\d+$/.test(duration) ? Number(duration) : goDurationSeconds(duration);
}
