import { millisecondsField } from '../../../domain/fields.js';
import { formatMilliseconds, trimNumber } from '../../../domain/units.js';
import { lognormalTails } from '../../../statistics/lognormal-tails.js';
import { rateByChance } from '../chance.js';
import { countsOfTails, plannedArm } from '../planned-arm.js';
import type { GuardrailPlanning } from '../planning.js';

interface Limits {
  readonly quantile: number;
  readonly promoteBelow: number;
  readonly rollbackAbove: number;
}

/** Request times are taken for lognormal with this standard deviation of their natural log. */
export const latencySigma = 1;

/**
 * Healthy is three quarters of the promote limit, faulty 1.4 times the rollback limit. Chance moves the share above
 * every bound of the histogram, each to its own quantile.
 */
export const latencyQuantilePlanning: GuardrailPlanning<Limits> = {
  qualityField: millisecondsField,
  assumedQuality: ({ promoteBelow, rollbackAbove }, health) =>
    health === 'healthy' ? 0.75 * promoteBelow : 1.4 * rollbackAbove,
  formatQuality: (quality, { quantile }) =>
    `p${trimNumber(quantile * 100, 6)} ${formatMilliseconds(quality)}`,
  armsOf: ({ quality, stableQuality, chance, samples, traffic }, { quantile }) => {
    const boundsMs = traffic.latencyBoundsMs;
    const canary = lognormalTails(boundsMs, quantile, quality, latencySigma);
    const stable = lognormalTails(boundsMs, quantile, stableQuality, latencySigma);
    const drawn = canary.map((tail) => rateByChance(tail, samples.canary, chance));
    return {
      canary: plannedArm({ latency: { boundsMs, counts: countsOfTails(drawn) } }),
      stable: plannedArm({ latency: { boundsMs, counts: countsOfTails(stable) } }),
    };
  },
  thresholdsWithoutBound: (boundsMs, { promoteBelow, rollbackAbove }) =>
    [promoteBelow, rollbackAbove].filter((threshold) => !boundsMs.includes(threshold)),
};
