import { decisionRateExample } from './decision-rate.js';
import { drifted } from './drifted.js';
import { errorRateFailing } from './error-rate-failing.js';
import { errorRateHealthy } from './error-rate-healthy.js';
import { errorRatioExample } from './error-ratio.js';
import type { Example } from './example.js';
import { latencyRatioExample } from './latency-ratio.js';
import { latencySlow } from './latency-slow.js';
import { proxyFalling } from './proxy-falling.js';

export { estimateOf, oddsOf, type Example } from './example.js';

/** All worked examples, in the order of the page. */
export const examples: readonly Example[] = [
  errorRateHealthy,
  errorRateFailing,
  latencySlow,
  drifted,
  proxyFalling,
  errorRatioExample,
  latencyRatioExample,
  decisionRateExample,
];
