import type { RolloutState } from '../rollout-state.js';
import type { Situation } from '../situation.js';
import { pause } from '../transitions.js';

/** What the target refused will be refused again: a person has to look. Resuming tries it again. */
export function tellRefusals(situation: Situation): RolloutState | undefined {
  const { refusal } = situation.state;
  if (refusal === null) return undefined;
  const state: RolloutState = { ...situation.state, refusal: null };
  return pause(
    { ...situation, state },
    'refused',
    `The change was refused (${refusal.action}): ${refusal.reason}`,
  );
}
