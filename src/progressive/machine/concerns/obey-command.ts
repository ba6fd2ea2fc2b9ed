import type { Command } from '../command.js';
import { runningPhase } from '../expected-percents.js';
import { notify } from '../notify.js';
import type { RolloutState } from '../rollout-state.js';
import { isObserved, type Situation } from '../situation.js';
import { fail, pause, rollBack } from '../transitions.js';
import { promoteByHand } from './promote-by-hand.js';
import { resume } from './resume.js';

/** So many commands stay known after they were taken out of the list. */
const longestMemory = 30;

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
  return ignore(marked.state, command, situation.nowMs);
}

/**
 * Commands that come once it goes back or has ended: an abort asks for what is so already, the others are told to change
 * nothing. None of them waits for the next run.
 */
export function ignoreCommands(situation: Situation): RolloutState {
  const pending = pendingCommands(situation);
  if (pending.length === 0) return situation.state;
  const { phase } = situation.state;
  const isBack = phase.kind === 'rolling-back' || phase.kind === 'rolled-back';
  const ignored = pending.filter(({ kind }) => !(kind === 'abort' && isBack));
  return ignored.reduce(
    (state, command) => ignore(state, command, situation.nowMs),
    handled(situation, pending),
  );
}

function ignore(state: RolloutState, { kind, by }: Command, nowMs: number): RolloutState {
  const text = `"${kind}" by ${by} changes nothing while the rollout is ${state.phase.kind}.`;
  return notify(state, 'command-ignored', text, nowMs);
}

/** Marks commands as obeyed. Those that are not given any more stay known for long: GitOps may put an old list back. */
function handled({ spec, state }: Situation, commands: readonly Command[]): RolloutState {
  const ids = [...state.handledCommands, ...commands.map((command) => command.id)];
  const given = new Set(spec.commands.map((command) => command.id));
  const gone = new Set(ids.filter((id) => !given.has(id)).slice(-longestMemory));
  return { ...state, handledCommands: ids.filter((id) => given.has(id) || gone.has(id)) };
}
