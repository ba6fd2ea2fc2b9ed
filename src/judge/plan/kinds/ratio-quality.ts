import { numberField } from '../../../domain/fields.js';
import { trimNumber } from '../../../domain/units.js';

export interface RatioLimits {
  readonly rollbackAbove: number;
}

/** How many times as often as the stable version: 1 is "no difference". */
export const ratioField = () =>
  numberField({ min: 0, max: 1e6 }, 'how many times as often, up to 1e6, such as 1 or "3"');

/** Healthy is no difference, faulty half as much again as the rollback limit. */
export function assumedRatio({ rollbackAbove }: RatioLimits, health: 'healthy' | 'faulty'): number {
  return health === 'healthy' ? 1 : 1.5 * rollbackAbove;
}

export function formatRatio(quality: number): string {
  return `${trimNumber(quality)} x stable`;
}
