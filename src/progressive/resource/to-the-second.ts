import { formatInstant } from '../../domain/units.js';

/** An instant as Kubernetes writes it: without fractions of a second. */
export function toTheSecond(epochMs: number): string {
  return formatInstant(Math.floor(epochMs / 1000) * 1000);
}
