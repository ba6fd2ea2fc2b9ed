import {
  initialState,
  next,
  type Target,
  type TargetAction,
  type TargetResult,
} from '../../progressive/index.js';
import { expectedOf } from '../../progressive/machine/target-action-of.js';
import type { ClusterApi } from '../../progressive/cluster/cluster-api.js';
import { targetText, type ModelRollout } from '../../progressive/resource/index.js';
import type { SentPatch } from '../../progressive/targets/index.js';
import type { CommandContext } from '../commands.js';
import { ForeseenCluster } from './foreseen-cluster.js';
import { laterShares } from './later-shares.js';
import { patchText } from './patch-text.js';
import { refuse } from './refused.js';
import { phaseReason, phaseWords } from './view/phase-words.js';

/** Shows the change that a rollout would begin with, checked by the API server, and how it would go on. Changes nothing. */
export async function dryRun(
  rollout: ModelRollout,
  api: ClusterApi,
  context: CommandContext,
  nowMs: number,
): Promise<void> {
  const { console } = context;
  const { kind } = rollout.target;
  const patches: SentPatch[] = [];
  const targetOn = (cluster: ClusterApi): Target =>
    kind.create(rollout.target.spec, {
      api: cluster,
      namespace: rollout.namespace,
      dryRun: true,
      onPatch: (patch) => patches.push(patch),
    });
  const reading = await targetOn(api).observe();
  if (reading.kind === 'gone' || reading.kind === 'unavailable') {
    refuse(context, reading.kind === 'gone' ? `${targetText(rollout)} is not there` : reading.reason);
    return;
  }
  const { state, actions } = next(rollout.spec, initialState(nowMs), reading, null, nowMs);
  const isRefused = state.phase.kind === 'failed' || state.phase.kind === 'paused';
  if (isRefused) {
    refuse(context, `${phaseWords(state)}: ${phaseReason(rollout.spec, state, nowMs) ?? ''}`);
    return;
  }
  if (state.phase.kind === 'waiting') {
    console.out(`Nothing to change yet: ${phaseWords(state)}.\n`);
    return;
  }
  const change = actions.find((action): action is TargetAction => action.kind === 'set-weight');
  // What would be rolled back of a model that is yet to come is the service as the first change would leave it.
  const isYetToCome = state.canary === null;
  const target = targetOn(isYetToCome ? new ForeseenCluster(api) : api);
  if (change?.kind === 'set-weight') {
    const result = await target.setWeight(change);
    console.out(`To ${change.toPercent} %, checked by the API server (nothing was changed):\n`);
    for (const sent of patches) console.out(patchText(sent));
    if (isUndone(result, context)) return;
  } else {
    console.out('The canary has its first share already: nothing to change before the first verdict.\n');
  }
  const first = patches.splice(0);
  const result = await target.rollBack({ kind: 'roll-back', expected: expectedOf(state, state.uid ?? '') });
  console.out(`${laterShares(rollout.spec, kind.name, [...first, ...patches])}\n`);
  const checked = isYetToCome ? 'as it would be after that' : 'checked by the API server';
  console.out(`A rollback verdict, at whatever share, ${checked}:\n`);
  for (const sent of patches) console.out(patchText(sent));
  isUndone(result, context);
}

/** Says why the API server would not do it. */
function isUndone(result: TargetResult, context: CommandContext): boolean {
  if (result.kind === 'done') return false;
  refuse(context, `the API server would not do it: ${'reason' in result ? result.reason : 'it is gone'}`);
  return true;
}
