import { changeField } from '../../../domain/fields.js';
import type { ArmCounts, PredictionCounts } from '../../../domain/observations.js';
import { formatChange } from '../../../domain/units.js';
import { pairByChance } from '../chance.js';
import { plannedArm } from '../planned-arm.js';
import type { GuardrailPlanning } from '../planning.js';

interface DecisionSettings {
  readonly above?: number;
  readonly label?: string;
  readonly output: string;
  readonly rollbackAbove: number;
}

/** Healthy is no change, faulty an increase of twice the rollback limit: the "doubled workload" of the default one. */
export const decisionRatePlanning: GuardrailPlanning<DecisionSettings> = {
  qualityField: changeField,
  assumedQuality: ({ rollbackAbove }, health) => (health === 'healthy' ? 0 : 2 * rollbackAbove),
  formatQuality: (quality) => `${formatChange(quality)} change`,
  armsOf: ({ quality, chance, samples, traffic }, settings) => {
    const stable = traffic.decisionRate;
    const rates = { canary: Math.min(1, stable * (1 + quality)), stable };
    // Worse is further from stable's rate, which for a fall is fewer.
    const drawn = pairByChance(rates, samples, quality < 0 ? 1 - chance : chance);
    return { canary: decided(drawn.canary, settings), stable: decided(drawn.stable, settings) };
  },
};

function decided(share: number, { above, label, output }: DecisionSettings): ArmCounts {
  const counts: PredictionCounts =
    above === undefined
      ? { kind: 'labels', labels: [label ?? ''], counts: [share, 1 - share] }
      : { kind: 'scores', edges: [above], counts: [1 - share, share] };
  return plannedArm({ predictions: new Map([[output, counts]]) });
}
