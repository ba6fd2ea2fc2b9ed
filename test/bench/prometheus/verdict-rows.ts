import { quantile } from '../load/quantiles.js';
import type { TimedVerdict } from './verdict-rig.js';

export const heads = [
  ...['', 'VERDICT p50, ms', 'p99', 'SLOWEST QUERY p50, ms', 'p99', 'BEYOND IT p50, ms', 'p99'],
  ...['RATIO p50', 'p99', 'QUERIES', 'KILOBYTES', 'BLOCKED p50, ms', 'MOST'],
];

/** What some verdicts have cost, under these heads. */
export function row(what: string, verdicts: readonly TimedVerdict[]): readonly string[] {
  const both = (of: (verdict: TimedVerdict) => number, write = ms) =>
    [0.5, 0.99].map((share) => write(at(verdicts.map(of), share)));
  return [
    what,
    ...both(({ wallMs }) => wallMs),
    ...both(({ slowestMs }) => slowestMs),
    ...both(({ wallMs, slowestMs }) => wallMs - slowestMs),
    ...both(
      ({ wallMs, slowestMs }) => wallMs / slowestMs,
      (ratio) => ratio.toFixed(2),
    ),
    String(
      at(
        verdicts.map(({ queries }) => queries),
        0.5,
      ),
    ),
    Math.round(at(verdicts.map(bytesOf), 0.5) / 1000).toLocaleString('en-US'),
    ms(
      at(
        verdicts.map(({ blockedMs }) => blockedMs),
        0.5,
      ),
    ),
    ms(
      at(
        verdicts.map(({ blockedMs }) => blockedMs),
        1,
      ),
    ),
  ];
}

/** The time of a verdict, of the time that it may take. */
export function ofAllowed({ wallMs, slowestMs }: TimedVerdict): number {
  return wallMs / Math.max(1.2 * slowestMs, slowestMs + 10);
}

export function bytesOf({ bytes }: TimedVerdict): number {
  return bytes;
}

/** The value below which a share of all values lies. */
export function at(values: readonly number[], share: number): number {
  return quantile(
    [...values].sort((left, right) => left - right),
    share,
  );
}

/** Milliseconds as a person reads them. */
export function ms(value: number): string {
  return value.toFixed(value < 10 ? 1 : 0);
}
