import type { KubernetesObject } from '../cluster/kubernetes-object.js';
import { describeRefusal, refusedStatus, type Refused } from '../resource/refused-status.js';
import { rolloutReference } from '../resource/rollout-reference.js';
import { writeEvent } from './kubernetes-event.js';
import type { ManagedParts } from './managed-parts.js';
import type { ManagedRound } from './managed-round.js';

/**
 * Says why a ModelRollout is not driven, in its status and as an Event; nothing where the status says so already.
 * @param onNew is called where it does not, before it is written
 */
export async function writeRefusal(
  { api, now, log }: Pick<ManagedParts, 'api' | 'now' | 'log'>,
  object: KubernetesObject,
  refused: Refused,
  onNew: () => void,
  signal: AbortSignal,
): Promise<ManagedRound> {
  const { name: rollout, namespace = '', generation = 0, uid } = object.metadata;
  const { reason } = refused;
  const status = refusedStatus(object.status, refused, generation, now());
  if (status === undefined) return { kind: 'ended' };
  onNew();
  const note = describeRefusal(refused);
  log.warn({ rollout: `${namespace}/${rollout}`, reason }, note);
  const key = `${reason}/${generation}`;
  const type = 'Warning';
  await writeEvent(api, { rollout, namespace, uid, key, type, reason, note, atMs: now() }, signal);
  const options = { subresource: 'status', signal } as const;
  const written = await api.replace(rolloutReference(namespace, rollout), { ...object, status }, options);
  if (written.kind === 'ok') return { kind: 'ended' };
  if (written.kind === 'conflict') return { kind: 'stale' };
  if (written.kind === 'not-found') return { kind: 'gone' };
  const { reason: why } = written;
  return {
    kind: 'unavailable',
    reason: why,
    ...(written.kind === 'unavailable' ? { retryAfterMs: written.retryAfterMs } : {}),
  };
}
