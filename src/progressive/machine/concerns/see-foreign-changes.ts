import { expectedPercents } from '../expected-percents.js';
import type { RolloutState } from '../rollout-state.js';
import { isObserved, type Situation } from '../situation.js';
import { loseGuarantee, pause } from '../transitions.js';

/** Somebody else moves the traffic (a person, GitOps, another controller): two hands on it are worse than a pause. */
export function seeForeignChanges(situation: Situation): RolloutState | undefined {
  if (!isObserved(situation)) return undefined;
  const { state, target } = situation;
  const expected = expectedPercents(state);
  if (expected === undefined) return undefined;
  if (target.foreignChange !== null) {
    return pause(situation, 'foreign-change', `Somebody else changed the target: ${target.foreignChange}`);
  }
  if (expected.includes(target.configuredPercent)) return undefined;
  const text = `Somebody else set the canary's share to ${written(target.configuredPercent)}, expected was ${expected.map(written).join(' or ')}.`;
  const isMore = Math.max(...expected.map(shareOf)) < shareOf(target.configuredPercent);
  return pause(
    isMore ? { ...situation, state: loseGuarantee(state, 'person') } : situation,
    'foreign-change',
    text,
  );
}

function shareOf(percent: number | null): number {
  return percent ?? 100;
}

function written(percent: number | null): string {
  return percent === null ? 'none (everything to the newest version)' : `${percent} %`;
}
