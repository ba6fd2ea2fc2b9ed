import type { Command } from '../command.js';
import { expectedPercents } from '../expected-percents.js';
import { identityOf } from '../identity.js';
import { notify } from '../notify.js';
import type { ActivePhase, PausedPhase } from '../phase.js';
import type { RolloutState } from '../rollout-state.js';
import type { ObservedSituation } from '../situation.js';
import { analyseAgain, enter, fail, restart, shift } from '../transitions.js';
import { isUnmade } from '../unmade-step.js';

/**
 * Takes up where the pause came. Other versions than before begin anew from the first stage; another weight is set back to
 * the one that was earned.
 */
export function resume(situation: ObservedSituation, phase: PausedPhase, { by }: Command): RolloutState {
  const { target, nowMs } = situation;
  const state: RolloutState = { ...situation.state, unreadySinceMs: null, lastVerdict: null };
  const identity = identityOf(state, target);
  switch (identity.kind) {
    case 'rolled-out':
      if (phase.interrupted.kind === 'promoting') break;
      return fail(
        situation,
        'superseded',
        'The canary became the stable version: there is nothing to go on with.',
      );
    case 'recreated':
      return fail(
        situation,
        'superseded',
        'The canary is not there any more: there is nothing to go on with.',
      );
    case 'newer-model':
    case 'baseline-changed':
      return restart(situation, `Resumed by ${by} with other versions, from the first stage.`);
    case 'same':
      if (phase.cause !== 'newer-model' || state.canary !== null) break;
      return restart(situation, `Resumed by ${by} with another model than the carried one.`);
  }
  const { interrupted } = phase;
  if (isUnmade(interrupted, situation)) {
    // What it rested on, a verdict or a person's word, may be days old.
    const text = `Resumed by ${by}: the step that was not made is decided anew.`;
    return analyseAgain(situation, notify(state, 'resumed', text, nowMs));
  }
  const resumed = notify(state, 'resumed', `Resumed by ${by}.`, nowMs);
  const expected = expectedPercents(state);
  if (
    identity.kind === 'rolled-out' ||
    expected === undefined ||
    expected.includes(target.configuredPercent)
  ) {
    return enter(resumed, refreshed(interrupted, nowMs));
  }
  const wanted = interrupted.kind === 'shifting' ? interrupted.toPercent : state.percent;
  return shift({ ...situation, state: resumed }, target.configuredPercent, wanted);
}

/** The interrupted phase with its patience begun anew. */
function refreshed(phase: ActivePhase, nowMs: number): ActivePhase {
  switch (phase.kind) {
    case 'analysing':
      return { ...phase, patienceFromMs: Math.max(phase.patienceFromMs, nowMs) };
    case 'shifting':
    case 'promoting':
      return { ...phase, sinceMs: nowMs };
    case 'waiting':
    case 'stabilising':
      return phase;
  }
}
