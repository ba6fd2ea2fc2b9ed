import { lognormalTails } from '../../../statistics/lognormal-tails.js';
import { pairByChance } from '../chance.js';
import { countsOfTails, plannedArm } from '../planned-arm.js';
import type { GuardrailPlanning } from '../planning.js';
import { latencySigma } from './latency-quantile.js';
import { assumedRatio, formatRatio, ratioField, type RatioLimits } from './ratio-quality.js';

/** The canary has so many times as many requests above every bound; the stable version is the policy's healthy one. */
export const latencyRatioPlanning: GuardrailPlanning<RatioLimits> = {
  qualityField: ratioField,
  assumedQuality: assumedRatio,
  formatQuality: formatRatio,
  armsOf: ({ quality, chance, samples, traffic, baseline }) => {
    const boundsMs = traffic.latencyBoundsMs;
    const { quantile, milliseconds } = baseline.latency;
    const drawn = lognormalTails(boundsMs, quantile, milliseconds, latencySigma).map((tail) =>
      pairByChance({ canary: Math.min(1, quality * tail), stable: tail }, samples, chance),
    );
    return {
      canary: plannedArm({ latency: { boundsMs, counts: countsOfTails(drawn.map(({ canary }) => canary)) } }),
      stable: plannedArm({ latency: { boundsMs, counts: countsOfTails(drawn.map(({ stable }) => stable)) } }),
    };
  },
};
