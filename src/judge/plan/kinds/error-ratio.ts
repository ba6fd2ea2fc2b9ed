import { pairByChance } from '../chance.js';
import { plannedArm } from '../planned-arm.js';
import type { GuardrailPlanning } from '../planning.js';
import { assumedRatio, formatRatio, ratioField, type RatioLimits } from './ratio-quality.js';

/** Of a stable version with the policy's healthy error rate. */
export const errorRatioPlanning: GuardrailPlanning<RatioLimits> = {
  qualityField: ratioField,
  assumedQuality: assumedRatio,
  formatQuality: formatRatio,
  armsOf: ({ quality, chance, samples, baseline }) => {
    const rates = { canary: Math.min(1, quality * baseline.errorRate), stable: baseline.errorRate };
    const drawn = pairByChance(rates, samples, chance);
    return { canary: plannedArm({ errors: drawn.canary }), stable: plannedArm({ errors: drawn.stable }) };
  },
};
