import { advance, promote } from '../advance.js';
import type { Command } from '../command.js';
import { expectedPercents, runningPhase } from '../expected-percents.js';
import { identityOf } from '../identity.js';
import { notify } from '../notify.js';
import type { RolloutState } from '../rollout-state.js';
import type { ObservedSituation } from '../situation.js';
import { loseGuarantee } from '../transitions.js';

/** A person lets the canary go on without a verdict; refused where it is not known to serve at the weight it was given. */
export function promoteByHand(situation: ObservedSituation, { by, full }: Command): RolloutState {
  const { state, nowMs } = situation;
  const obstacle = obstacleTo(situation);
  if (obstacle !== undefined) {
    return notify(state, 'command-ignored', `"promote" by ${by} changes nothing: ${obstacle}.`, nowMs);
  }
  const byHand = { ...situation, state: loseGuarantee(state, 'person') };
  const because = `promoted by ${by}, without a verdict.`;
  return full ? promote(byHand, because) : advance(byHand, because);
}

function obstacleTo({ state, target }: ObservedSituation): string | undefined {
  const kind = runningPhase(state.phase)?.kind;
  if (kind !== 'stabilising' && kind !== 'analysing') return 'no stage is being judged';
  if (identityOf(state, target).kind !== 'same')
    return 'other versions are there than the rollout began with';
  if (target.foreignChange !== null || expectedPercents(state)?.includes(target.configuredPercent) !== true) {
    return 'somebody else changed the traffic: resume or abort';
  }
  if (target.observedPercent !== state.percent) return 'its share is not seen in the traffic';
  return target.readiness.kind === 'ready' ? undefined : 'the canary is not ready';
}
