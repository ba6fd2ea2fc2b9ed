const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g;
const whole = new RegExp(`^[+-]?(?:0|(?:${part.source})+)$`);
const secondsPer: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** Seconds from a duration as Go writes it ("60s", "1h30m"), or undefined for anything else ("60", "1d"). */
export function goDurationSeconds(text: string): number | undefined {
  if (!whole.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(part))
    seconds += Number(amount) * (secondsPer[unit ?? ''] ?? 0);
  return text.startsWith('-') ? -seconds : seconds;
}
