import type { Command } from '../command.js';
import { runningPhase } from '../expected-percents.js';
import { notify } from '../notify.js';
import type { RolloutState } from '../rollout-state.js';
import { isObserved, type Situation } from '../situation.js';
import { fail, pause, rollBack } from '../transitions.js';
import { promoteByHand } from './promote-by-hand.js';
import { resume } from './resume.js';

/** The commands that were not obeyed yet. */
export function pendingCommands({ spec, state }: Situation): readonly Command[] {
  return spec.commands.filter((command) => !state.handledCommands.includes(command.id));
}

/** An abort wins over every other command, wherever it stands among them. */
export function obeyAbort(situation: Situation): RolloutState | undefined {
  const pending = pendingCommands(situation);
  const abort = pending.find((command) => command.kind === 'abort');
  if (abort === undefined) return undefined;
  const marked = { ...situation, state: handled(situation, pending) };
  const text = `Aborted by ${abort.by}.`;
  const { phase, canary } = situation.state;
  return runningPhase(phase)?.kind === 'waiting' && canary === null
    ? fail(marked, 'aborted', text)
    : rollBack(marked, 'person', text);
}

/** The oldest other command. What needs to know how the target stands waits until that is known. */
export function obeyCommand(situation: Situation): RolloutState | undefined {
  const [command] = pendingCommands(situation);
  if (command === undefined) return undefined;
  const marked = { ...situation, state: handled(situation, [command]) };
  const { phase } = situation.state;
  if (command.kind === 'pause' && phase.kind !== 'paused') {
    return pause(marked, 'person', `Paused by ${command.by}.`);
  }
  if (command.kind === 'resume' && phase.kind === 'paused') {
    return isObserved(marked) ? resume(marked, phase, command) : undefined;
  }
  if (command.kind === 'promote') return isObserved(marked) ? promoteByHand(marked, command) : undefined;
  const text = `"${command.kind}" by ${command.by} changes nothing while the rollout is ${phase.kind}.`;
  return notify(marked.state, 'command-ignored', text, situation.nowMs);
}

/** Marks commands as obeyed and forgets those that are not given any more. */
function handled({ spec, state }: Situation, commands: readonly Command[]): RolloutState {
  const ids = [...state.handledCommands, ...commands.map((command) => command.id)];
  return {
    ...state,
    handledCommands: ids.filter((id) => spec.commands.some((command) => command.id === id)),
  };
}
