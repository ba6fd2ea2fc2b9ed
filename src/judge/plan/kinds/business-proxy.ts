import { changeField } from '../../../domain/fields.js';
import type { ArmCounts } from '../../../domain/observations.js';
import { formatChange } from '../../../domain/units.js';
import { normalQuantile } from '../../../statistics/normal-distribution.js';
import { plannedArm } from '../planned-arm.js';
import type { GuardrailPlanning, PlannedTraffic } from '../planning.js';

interface ProxySettings {
  readonly rollbackBelow: number;
  readonly betterWhen: 'higher' | 'lower';
  readonly outcome: string;
}

/** Healthy is no change, faulty ten thirds of the rollback limit: -10 % where that is -3 %. */
export const businessProxyPlanning: GuardrailPlanning<ProxySettings> = {
  qualityField: changeField,
  assumedQuality: ({ rollbackBelow }, health) =>
    health === 'healthy' ? 0 : Math.max(-1, (10 / 3) * rollbackBelow),
  formatQuality: (quality) => `${formatChange(quality)} change`,
  armsOf: ({ quality, chance, samples, traffic }, settings) => {
    if (traffic.outcomesPerRequest === 0) return undefined;
    const sign = settings.betterWhen === 'higher' ? 1 : -1;
    const ratio = 1 + sign * quality;
    const mean = traffic.outcomeMean * ratio;
    const noise =
      chance === 0.5 || !(samples.canary > 0 && samples.stable > 0)
        ? 0
        : Math.sqrt(
            varianceOf(mean, traffic) / samples.canary +
              (ratio * ratio * varianceOf(traffic.outcomeMean, traffic)) / samples.stable,
          );
    const drawn = mean - sign * normalQuantile(chance) * noise;
    return {
      canary: outcomesOf(drawn, traffic, settings),
      stable: outcomesOf(traffic.outcomeMean, traffic, settings),
    };
  },
};

function varianceOf(mean: number, { outcomeDeviation }: PlannedTraffic): number {
  return outcomeDeviation === null ? Math.max(0, mean * (1 - mean)) : outcomeDeviation ** 2;
}

function outcomesOf(
  drawn: number,
  { outcomesPerRequest, outcomeDeviation }: PlannedTraffic,
  { outcome }: ProxySettings,
): ArmCounts {
  const mean = outcomeDeviation === null ? Math.min(1, Math.max(0, drawn)) : drawn;
  const square = outcomeDeviation === null ? mean : mean * mean + outcomeDeviation ** 2;
  const totals = {
    count: outcomesPerRequest,
    sum: outcomesPerRequest * mean,
    sumOfSquares: outcomesPerRequest * square,
  };
  return plannedArm({ outcomes: new Map([[outcome, totals]]) });
}
