import { actionsOf } from './actions-of.js';
import type { Action } from './action.js';
import { knowTheTarget } from './concerns/know-the-target.js';
import { ignoreCommands, obeyAbort, obeyCommand } from './concerns/obey-command.js';
import { obeyRollbackVerdict } from './concerns/obey-rollback-verdict.js';
import { requireReadiness } from './concerns/require-readiness.js';
import { seeForeignChanges } from './concerns/see-foreign-changes.js';
import { tellRefusals } from './concerns/tell-refusals.js';
import { notice } from './notice.js';
import { isEnd, type ActivePhase } from './phase.js';
import { analysing } from './phases/analysing.js';
import { ended } from './phases/ended.js';
import { promoting } from './phases/promoting.js';
import { rollingBack } from './phases/rolling-back.js';
import { shifting } from './phases/shifting.js';
import { stabilising } from './phases/stabilising.js';
import { waiting } from './phases/waiting.js';
import type { RolloutSpec } from './rollout-spec.js';
import type { RolloutState } from './rollout-state.js';
import type { Situation } from './situation.js';
import type { StageVerdict, Unanswered } from './stage-verdict.js';
import type { TargetState } from './target-state.js';

/** What a rollout remembers from here on, and what has to be done now. */
export interface Step {
  readonly state: RolloutState;
  readonly actions: readonly Action[];
}

/** What comes before the phase's own step: the first that has something to say decides. */
const concerns: readonly ((situation: Situation) => RolloutState | undefined)[] = [
  obeyAbort,
  obeyRollbackVerdict,
  obeyCommand,
  knowTheTarget,
  requireReadiness,
  tellRefusals,
  seeForeignChanges,
];

/**
 * One step of driving a canary, pure: at most one change of phase, and the actions that the new state asks for. Save the
 * state first, then act, then read the target and call again. Actions follow from state and target alone, so that one that
 * was lost is asked for again and one that was done is not.
 *
 * @param verdict the newest answer to an `ask-verdict`, or why there is none; null where nothing came
 * @param nowMs milliseconds since the epoch
 */
export function next(
  spec: RolloutSpec,
  state: RolloutState,
  target: TargetState,
  verdict: StageVerdict | Unanswered | null,
  nowMs: number,
): Step {
  const isAnswered = verdict === null || 'verdict' in verdict;
  const given: Situation = {
    ...{ spec, state, target, nowMs },
    verdict: isAnswered ? verdict : null,
    unanswered: isAnswered ? null : verdict.unanswered,
  };
  const situation: Situation = { ...given, state: notice(given) };
  const decided = decide(situation);
  return { state: decided, actions: actionsOf({ ...situation, state: decided }) };
}

function decide(situation: Situation): RolloutState {
  const { phase } = situation.state;
  if (isEnd(phase)) return ended({ ...situation, state: ignoreCommands(situation) }, phase);
  if (phase.kind === 'rolling-back') {
    return rollingBack({ ...situation, state: ignoreCommands(situation) }, phase);
  }
  for (const concern of concerns) {
    const decided = concern(situation);
    if (decided !== undefined) return decided;
  }
  return phase.kind === 'paused' ? situation.state : proceed(situation, phase);
}

function proceed(situation: Situation, phase: ActivePhase): RolloutState {
  switch (phase.kind) {
    case 'waiting':
      return waiting(situation, phase);
    case 'shifting':
      return shifting(situation, phase);
    case 'stabilising':
      return stabilising(situation, phase);
    case 'analysing':
      return analysing(situation, phase);
    case 'promoting':
      return promoting(situation, phase);
  }
}
