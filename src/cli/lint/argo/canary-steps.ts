import type { Field } from '../files/field.js';
import { pauseSeconds } from './go-duration.js';

/** The traffic at one step of a canary. */
export interface StepTraffic {
  /** The last `setWeight` up to the step, in percent of the traffic; undefined before the first. */
  readonly weight: number | undefined;
  /** The field of that `setWeight`. */
  readonly weightField: Field | undefined;
  /** How long the pauses since then last; a pause for a person is taken for none. */
  readonly pausedSeconds: number;
}

/** `maxWeight`: the weight that is all traffic, 100 unless a router has its own. */
export function trafficAt(steps: readonly Field[], index: number, maxWeight: number): StepTraffic {
  let traffic: StepTraffic = { weight: undefined, weightField: undefined, pausedSeconds: 0 };
  for (const step of steps.slice(0, index)) {
    const weightField = step.at('setWeight');
    if (typeof weightField.value === 'number') {
      traffic = { weight: (weightField.value / maxWeight) * 100, weightField, pausedSeconds: 0 };
    }
    const paused = pauseSeconds(step.at('pause', 'duration').plainText ?? '') ?? 0;
    traffic = { ...traffic, pausedSeconds: traffic.pausedSeconds + paused };
  }
  return traffic;
}
