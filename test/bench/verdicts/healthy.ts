import { predictionShares } from './prediction-shares.js';
import type { ArmRates } from './world.js';

/** A healthy version: what every scenario differs from in one thing. */
export const healthy: ArmRates = {
  errorRate: 0.003,
  p99Ms: 150,
  predictions: predictionShares(),
  acceptance: 0.6,
};
