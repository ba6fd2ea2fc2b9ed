import type { ArmCounts } from '../../domain/observations.js';
import type { PairedTailCounts } from '../../statistics/blame-evidence.js';
import type { StableTail } from '../shared-incident.js';
import type { Timeline } from '../timeline.js';
import type { RatioLimits } from './ratio-limits.js';

/** Events of both arms over the timeline, and what their ratio is held against. */
export interface RatioSeries extends RatioRules {
  /** Per look of the timeline. */
  readonly pairs: readonly PairedTailCounts[];
  /** Stable's trials and events of the looks before the canary. */
  readonly before: readonly StableTail[];
}

interface RatioRules {
  readonly limits: RatioLimits;
  /** Whether a promote is judged on the present stage alone, since the fault may come with the load. */
  readonly promoteOnStage: boolean;
  /** Whether looks in which stable itself has far more events than usual are left out. */
  readonly leaveIncidentsOut: boolean;
}

/**
 * The events of a timeline, look by look.
 *
 * @param eventsOf trials and events of one arm in one look; none where it has no counts
 */
export function ratioSeries(
  timeline: Timeline,
  eventsOf: (arm: ArmCounts | undefined) => StableTail,
  rules: RatioRules,
): RatioSeries {
  return {
    ...rules,
    before: timeline.before.map((look) => eventsOf(look.stable)),
    pairs: timeline.looks.map((look) => {
      const canary = eventsOf(look.canary);
      const stable = eventsOf(look.stable);
      return {
        canaryTrials: canary.trials,
        canaryEvents: canary.events,
        stableTrials: stable.trials,
        stableEvents: stable.events,
      };
    }),
  };
}
