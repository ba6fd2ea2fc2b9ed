import { initialState, next, type TargetAction } from '../../progressive/index.js';
import type { ClusterApi } from '../../progressive/cluster/cluster-api.js';
import type { ModelRollout } from '../../progressive/resource/index.js';
import type { SentPatch } from '../../progressive/targets/index.js';
import type { CommandContext } from '../commands.js';
import type { Console } from '../console.js';
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
  const patches: SentPatch[] = [];
  const { kind, spec } = rollout.target;
  const target = kind.create(spec, {
    api,
    namespace: rollout.namespace,
    dryRun: true,
    onPatch: (patch) => patches.push(patch),
  });
  const reading = await target.observe();
  if (reading.kind === 'gone' || reading.kind === 'unavailable') {
    refuse(context, reading.kind === 'gone' ? 'the target is not there' : reading.reason);
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
  if (change?.kind === 'set-weight') {
    const result = await target.setWeight(change);
    showPatches(
      `To ${change.toPercent} %, checked by the API server (nothing was changed):`,
      patches,
      console,
    );
    if (result.kind !== 'done') {
      refuse(context, `the API server would not do it: ${'reason' in result ? result.reason : 'it is gone'}`);
      return;
    }
  } else {
    console.out(`The canary has its first share already: nothing to change before the first verdict.\n`);
  }
  const later = rollout.spec.stages.slice(1).map(({ percent }) => `${percent} %`);
  console.out(`Each promote verdict then sends the same change with the next share: ${later.join(', ')}.\n`);
  if (state.canary === null) return;
  const { uid, fingerprint, stable, stableFingerprint } = state;
  const expected = { uid: uid ?? '', fingerprint, stable, stableFingerprint };
  await target.rollBack({ kind: 'roll-back', expected });
  showPatches('A rollback verdict, at whatever share:', patches, console);
}

function showPatches(title: string, patches: SentPatch[], console: Console): void {
  console.out(`${title}\n`);
  for (const sent of patches.splice(0)) console.out(patchText(sent));
}
