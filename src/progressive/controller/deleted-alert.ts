import { alertSeverities, type Alert } from '../machine/alert.js';
import type { RolloutState } from '../machine/rollout-state.js';
import type { ModelRollout } from '../resource/model-rollout.js';
import { targetText } from '../resource/target-text.js';

/** What people are told when a ModelRollout is deleted before its end. */
export function deletedAlert(rollout: ModelRollout, state: RolloutState, atMs: number): Alert {
  const { attempt, percent, canary, lastVerdict } = state;
  const version = canary ?? 'the canary';
  return {
    key: `${attempt}/deleted`,
    kind: 'failed',
    severity: alertSeverities.failed,
    text: `The ModelRollout was deleted: ${targetText(rollout)} was left as it is, ${version} with ${percent} % of the traffic.`,
    atMs,
    percent,
    verdictId: lastVerdict?.id ?? null,
  };
}
