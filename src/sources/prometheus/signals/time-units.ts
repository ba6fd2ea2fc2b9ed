import type { TimeUnit } from './signal.js';

/** Milliseconds in one of each unit. */
export const millisecondsPer: Readonly<Record<TimeUnit, number>> = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 };

/** A time in milliseconds. Bounds are written with few digits; multiplied, they would show binary fractions. */
export function milliseconds(value: number, unit: TimeUnit): number {
  return Number((value * millisecondsPer[unit]).toPrecision(12));
}
