import type { ClusterApi } from '../../progressive/cluster/cluster-api.js';
import {
  canonicalRollout,
  modelRolloutKind,
  rolloutReference,
  rolloutText,
} from '../../progressive/resource/index.js';
import { refusalText } from './controller-refusal.js';
import type { RolloutFile } from './read-rollout-file.js';
import { failureText, rolloutFailureText, withoutDefinition } from './refused.js';
import { storedRollout } from './stored-rollout.js';
import type { ShownRollout } from './view/shown-rollout.js';

/** What became of a rollout that was to be handed over. */
export type Created =
  { readonly kind: 'created'; readonly text: string } | { readonly kind: 'refused'; readonly reason: string };

/** Creates a ModelRollout; where one of that name has ended, it is written anew as its next run. */
export async function createRollout(
  api: ClusterApi,
  { object: written, rollout }: RolloutFile,
): Promise<Created> {
  // A file may say things shorter than an API server takes them.
  const object = canonicalRollout(written);
  const { name, namespace } = rollout;
  const what = rolloutText(rollout);
  const created = await api.create(modelRolloutKind, namespace, object);
  if (created.kind === 'ok') return { kind: 'created', text: `${what} is handed to the controller.` };
  if (created.kind === 'not-found') {
    // Where the kind is known it is the namespace that is not.
    const listed = await api.list(modelRolloutKind, { namespace });
    const reason =
      listed.kind === 'not-found' ? withoutDefinition : failureText(`a place for ${what}`, created);
    return { kind: 'refused', reason };
  }
  if (created.kind !== 'conflict') return { kind: 'refused', reason: failureText(what, created) };
  const reference = rolloutReference(namespace, name);
  const got = await api.get(reference);
  if (got.kind !== 'ok') return { kind: 'refused', reason: await rolloutFailureText(api, reference, got) };
  const stored = storedRollout(got.value, Date.now());
  if (typeof stored === 'string') return { kind: 'refused', reason: stored };
  const { shown, isSeen, hasEnded } = stored;
  if (!hasEnded || !isSeen) {
    return { kind: 'refused', reason: `${what} is there already, and is ${standing(shown)}` };
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

function standing({ state, refusal }: ShownRollout): string {
  return refusal === undefined ? state.phase.kind : `not driven: ${refusalText(refusal)}`;
}
