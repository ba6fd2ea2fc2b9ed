import { isEnd, type Command as RolloutCommand } from '../../progressive/index.js';
import { rolloutText } from '../../progressive/resource/index.js';
import { messageOf } from '../../progressive/resource/message-of.js';
import type { StoredRollout } from './stored-rollout.js';
import { phaseWords } from './view/phase-words.js';

/** What a command would do to a rollout as it stands. */
export type CommandEffect =
  | { readonly kind: 'obeyed' }
  /** What it asks for is being done. */
  | { readonly kind: 'needless'; readonly reason: string }
  /** Nothing any more: written down it could only be meant for another run. */
  | { readonly kind: 'refused'; readonly reason: string };

/** A command for a run that has ended, or goes back, is not written down: the next run would find it. */
export function commandEffect(
  { rollout, shown: { state }, hasEnded }: StoredRollout,
  kind: RolloutCommand['kind'],
): CommandEffect {
  const what = rolloutText(rollout);
  const { phase } = state;
  if (hasEnded) {
    const reason = `${what} has ended: ${phaseWords(state)}. ${messageOf(state)}`;
    return { kind: 'refused', reason: `"${kind}" changes nothing any more, ${reason}` };
  }
  // A run that has yet to begin is meant, whatever became of the one before.
  if (isEnd(phase) || phase.kind !== 'rolling-back') return { kind: 'obeyed' };
  const reason = `${what} is on its way to 0 % already: ${phase.text}`;
  return kind === 'abort'
    ? { kind: 'needless', reason }
    : { kind: 'refused', reason: `"${kind}" changes nothing any more, ${reason}` };
}
