import { randomUUID } from 'node:crypto';
import type { Command as RolloutCommand } from '../../progressive/index.js';
import type { ApiAnswer, ClusterApi, ObjectReference } from '../../progressive/cluster/cluster-api.js';
import type { KubernetesObject } from '../../progressive/cluster/kubernetes-object.js';
import type { PatchOperation } from '../../progressive/cluster/patch-operation.js';
import type { StoredRollout } from './stored-rollout.js';

const mostTries = 5;

/** So many commands stay written down; older ones that were obeyed make room. */
const keptCommands = 10;

/** A command of a person, with an id of its own. */
export function newCommand(kind: RolloutCommand['kind'], by: string, full = false): RolloutCommand {
  return { id: randomUUID(), kind, full, by };
}

/** The change that adds a command, guarded by what was read: what somebody else has added meanwhile is not lost. */
export function commandPatch(
  { object, rollout, shown }: StoredRollout,
  command: RolloutCommand,
): readonly PatchOperation[] {
  const before = rollout.spec.commands;
  const handled = new Set(shown.state.handledCommands);
  const dropped = Math.max(0, before.length + 1 - keptCommands);
  const kept = before.filter(({ id }, index) => index >= dropped || !handled.has(id));
  const { id, kind, full, by } = command;
  const written = { id, kind, ...(full ? { full } : {}), by };
  return [
    { op: 'test', path: '/metadata/uid', value: object.metadata.uid },
    { op: 'test', path: '/metadata/resourceVersion', value: object.metadata.resourceVersion },
    { op: 'add', path: '/spec/commands', value: [...kept.map((one) => ({ ...one })), written] },
  ];
}

/** Why a command is not written down. */
export type Unwritten =
  | { readonly kind: 'needless'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Adds a command; where the object changes under it, it is read again.
 * @param read reads the object as it stands each time, and may object to the command
 */
export async function addCommand(
  api: ClusterApi,
  reference: ObjectReference,
  command: RolloutCommand,
  read: (object: KubernetesObject) => StoredRollout | Unwritten,
): Promise<ApiAnswer<KubernetesObject> | Unwritten> {
  for (let tries = 1; ; tries++) {
    const got = await api.get(reference);
    if (got.kind !== 'ok') return got;
    const stored = read(got.value);
    if ('kind' in stored) return stored;
    const changed = await api.patch(reference, commandPatch(stored, command));
    const isRace = changed.kind === 'conflict' || changed.kind === 'invalid';
    if (!isRace || tries === mostTries) return changed;
    const again = await api.get(reference);
    const isSame =
      again.kind === 'ok' && again.value.metadata.resourceVersion === got.value.metadata.resourceVersion;
    // Nobody has changed it: it is the command itself that is refused.
    if (isSame) return changed;
  }
}
