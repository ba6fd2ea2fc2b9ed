import { formatInstant } from '../../domain/units.js';
import type { RolloutState } from '../machine/rollout-state.js';

/** How a rollout stands, in a sentence, and in another one why nothing is known of its target. */
export function messageOf(state: RolloutState): string {
  const { unseen } = state;
  if (unseen === null) return phaseMessage(state);
  return `${phaseMessage(state)} The target cannot be read since ${formatInstant(unseen.sinceMs)}: ${unseen.reason}`;
}

function phaseMessage({ phase, canary, percent, lastVerdict, unanswered, refusal }: RolloutState): string {
  const version = canary ?? 'the new model';
  switch (phase.kind) {
    case 'waiting':
      return 'Looking for the new version; nothing was changed yet.';
    case 'shifting':
      return refusal === null
        ? `${version} gets ${phase.toPercent} % of the traffic; not yet seen to.`
        : `${phase.toPercent} % for ${version} was refused: ${refusal.reason}`;
    case 'stabilising':
      return `${version} has ${percent} % of the traffic and settles since ${formatInstant(phase.sinceMs)}.`;
    case 'analysing':
      return lastVerdict === null
        ? `${version} has ${percent} % of the traffic; no verdict yet${unanswered === null ? '' : `: ${unanswered}`}.`
        : `${version} has ${percent} % of the traffic; ${lastVerdict.verdict}: ${lastVerdict.sentence}`;
    case 'promoting':
      return `${version} gets all of the traffic; not yet seen to.`;
    case 'rolling-back':
      return `Back to zero, not yet seen to: ${phase.text}${phase.refusal === null ? '' : ` Refused: ${phase.refusal}`}`;
    case 'rolled-back':
    case 'failed':
    case 'paused':
      return phase.text;
    case 'promoted':
      return `${version} has all of the traffic.`;
  }
}
