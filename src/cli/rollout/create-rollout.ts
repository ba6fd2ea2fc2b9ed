import { isEnd } from '../../progressive/index.js';
import type { ClusterApi } from '../../progressive/cluster/cluster-api.js';
import { modelRolloutKind, rolloutReference } from '../../progressive/resource/index.js';
import type { RolloutFile } from './read-rollout-file.js';
import { failureText } from './refused.js';
import { storedRollout } from './stored-rollout.js';

/** What became of a rollout that was to be handed over. */
export type Created =
  { readonly kind: 'created'; readonly text: string } | { readonly kind: 'refused'; readonly reason: string };

/** Creates a ModelRollout; where one of that name has ended, it is written anew as its next run. */
export async function createRollout(api: ClusterApi, { object, rollout }: RolloutFile): Promise<Created> {
  const { name, namespace } = rollout;
  const what = `the ModelRollout "${name}" in namespace "${namespace}"`;
  const created = await api.create(modelRolloutKind, namespace, object);
  if (created.kind === 'ok') return { kind: 'created', text: `${what} is handed to the controller.` };
  if (created.kind !== 'conflict') return { kind: 'refused', reason: failureText(what, created) };
  const reference = rolloutReference(namespace, name);
  const got = await api.get(reference);
  if (got.kind !== 'ok') return { kind: 'refused', reason: failureText(what, got) };
  const stored = storedRollout(got.value, Date.now());
  if (typeof stored === 'string') return { kind: 'refused', reason: stored };
  const { phase } = stored.shown.state;
  if (!isEnd(phase) || !stored.isSeen) {
    return { kind: 'refused', reason: `${what} is there already, and is ${phase.kind}` };
  }
  const run = Math.max(rollout.run, stored.rollout.run + 1);
  const { spec } = object;
  const replaced = await api.replace(reference, {
    ...object,
    metadata: { ...got.value.metadata },
    spec: { ...(spec as object), run },
  });
  return replaced.kind === 'ok'
    ? { kind: 'created', text: `${what} is handed to the controller as run ${run}.` }
    : { kind: 'refused', reason: failureText(what, replaced) };
}
