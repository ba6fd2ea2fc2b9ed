import { identityOf } from '../identity.js';
import { runningPhase } from '../expected-percents.js';
import { hasEverything } from '../phases/promoting.js';
import { statusLagMs } from '../phases/waiting.js';
import type { RolloutState } from '../rollout-state.js';
import { isObserved, type ObservedSituation, type Situation } from '../situation.js';
import { fail, pause } from '../transitions.js';

/** Ends or pauses where the target is not the one that the rollout is about. */
export function knowTheTarget(situation: Situation): RolloutState | undefined {
  const { target, state } = situation;
  if (target.kind === 'gone') return knowItIsGone(situation);
  if (target.kind === 'undrivable') {
    const text = `The target cannot be driven: ${target.reason}`;
    return runningPhase(state.phase)?.kind === 'waiting'
      ? fail(situation, 'undrivable', text)
      : pause(situation, 'undrivable', text);
  }
  return isObserved(situation) ? knowTheVersions(situation) : undefined;
}

/** What never was there may come in the same change as the rollout, a little later. */
function knowItIsGone(situation: Situation): RolloutState | undefined {
  const { state, nowMs } = situation;
  const { phase } = state;
  if (state.uid !== null || phase.kind !== 'waiting') {
    return fail(situation, 'gone', 'The resource was deleted during the rollout.');
  }
  if (nowMs < phase.sinceMs + statusLagMs) return undefined;
  return fail(
    situation,
    'gone',
    'There is no such resource: nothing has the name and namespace of the target.',
  );
}

function knowTheVersions(situation: ObservedSituation): RolloutState | undefined {
  const { state, target } = situation;
  const running = runningPhase(state.phase)?.kind;
  // Waiting looks at the versions itself; a promotion is meant to end with other ones.
  if (running === 'waiting' || (running === 'promoting' && hasEverything(situation))) return undefined;
  const identity = identityOf(state, target);
  switch (identity.kind) {
    case 'same':
      return undefined;
    case 'recreated':
      return fail(situation, 'gone', 'The resource was deleted and made anew during the rollout.');
    case 'rolled-out': {
      const text = `${state.canary ?? ''} became the stable version by somebody else's change.`;
      return pause(situation, 'foreign-change', text);
    }
    case 'newer-model':
    case 'baseline-changed':
      return pause(situation, identity.kind, identity.text);
  }
}
