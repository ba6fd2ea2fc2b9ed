import type { SampleRatio } from '../domain/verdict.js';
import { multinomialEvidence } from '../statistics/drift-evidence.js';
import type { Timeline } from './timeline.js';

/** How close to the configured split the alternatives lie. */
const concentration = 2000;

/** Evidence of 1000 to 1, and a share off by more than a tenth of the configured one, raise the alarm. */
const alarmEvidence = Math.log(1000);
const alarmSize = 0.1;

/**
 * Whether the requests of the present stage are split as configured. Its first look does not count, since the
 * weight changes inside it. An alarm (crashing pods, retries, a routing mistake) keeps promote back; it never
 * rolls back.
 *
 * @param weight the configured share, where the caller knows it better than the looks
 * @returns null where no share is configured, the configured one is 0 or 1, or no look counts
 */
export function sampleRatio(timeline: Timeline, weight: number | undefined): SampleRatio | null {
  const configured = weight ?? timeline.stages[timeline.presentStage]?.weight ?? null;
  if (configured === null || configured <= 0 || configured >= 1 || !timeline.hasStableVersion) return null;
  let canary = 0;
  let stable = 0;
  for (const look of timeline.looks.filter((one) => one.stage === timeline.presentStage).slice(1)) {
    canary += look.canary?.requests ?? 0;
    stable += look.stable?.requests ?? 0;
  }
  if (!(canary + stable > 0)) return null;
  const evidence = multinomialEvidence([stable, canary], [1 - configured, configured], concentration);
  const observed = canary / (canary + stable);
  const off = Math.abs(observed - configured) > alarmSize * configured;
  return { evidence, configured, observed, alarm: evidence >= alarmEvidence && off };
}
