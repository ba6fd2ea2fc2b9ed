import type { ActivePhase } from './phase.js';
import type { ObservedSituation } from './situation.js';

/** Whether a step up was decided and is not made: the traffic still is as the stage before asked for it. */
export function isUnmade(phase: ActivePhase, { state: { percent }, target }: ObservedSituation): boolean {
  return (
    (phase.kind === 'shifting' || phase.kind === 'promoting') &&
    percent > 0 &&
    phase.fromPercent === percent &&
    target.configuredPercent === percent
  );
}
