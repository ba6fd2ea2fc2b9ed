import type { RolloutState } from '../../progressive/index.js';
import { knownShare, shareText } from '../../progressive/resource/share-text.js';

/** What a rollout in the foreground leaves behind that did not come to its end, in a sentence. */
export function leftText(state: RolloutState, stateFile: string | undefined): string {
  const how =
    stateFile === undefined
      ? 'nothing remembers it, since no --state was given'
      : `go on with --state ${stateFile} (and --first resume, promote or abort)`;
  return `The canary is left with ${shareText(knownShare(state))}, and nobody watches it any more: ${how}.`;
}
