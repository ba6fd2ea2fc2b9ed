import { rateField } from '../../../domain/fields.js';
import { formatPercent } from '../../../domain/units.js';
import { rateByChance } from '../chance.js';
import { plannedArm } from '../planned-arm.js';
import type { GuardrailPlanning } from '../planning.js';

interface Limits {
  readonly promoteBelow: number;
  readonly rollbackAbove: number;
}

/** Healthy is three fifths of the promote limit, faulty twice the rollback limit. */
export const errorRatePlanning: GuardrailPlanning<Limits> = {
  qualityField: () => rateField({ min: 0, max: 1 }, 'an error rate from 0 to 100 %'),
  assumedQuality: ({ promoteBelow, rollbackAbove }, health) =>
    health === 'healthy' ? 0.6 * promoteBelow : Math.min(1, 2 * rollbackAbove),
  formatQuality: (quality) => formatPercent(quality),
  armsOf: ({ quality, stableQuality, chance, samples }) => ({
    canary: plannedArm({ errors: rateByChance(quality, samples.canary, chance) }),
    stable: plannedArm({ errors: stableQuality }),
  }),
};
