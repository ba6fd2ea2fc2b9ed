import { setTimeout as pause } from 'node:timers/promises';
import { isEnd } from '../../progressive/index.js';
import type { ApiAnswer, ClusterApi, ObjectReference } from '../../progressive/cluster/cluster-api.js';
import type { KubernetesObject } from '../../progressive/cluster/kubernetes-object.js';
import { failureText } from './refused.js';
import type { LiveView } from './live-view.js';
import { storedRollout, type StoredRollout } from './stored-rollout.js';

const everyMs = 1_000;

/** How following ended. */
export type Followed =
  | { readonly kind: 'ended'; readonly stored: StoredRollout }
  | { readonly kind: 'left'; readonly stored: StoredRollout | undefined }
  | { readonly kind: 'lost'; readonly reason: string };

/** Shows a rollout that a controller drives until it has ended, or the signal says so. */
export async function followRollout(
  api: ClusterApi,
  reference: ObjectReference,
  view: LiveView,
  signal: AbortSignal,
): Promise<Followed> {
  let last: StoredRollout | undefined;
  for (let isTold = false; !signal.aborted;) {
    const got: ApiAnswer<KubernetesObject> = await api.get(reference, signal);
    if (got.kind === 'not-found') return { kind: 'lost', reason: failureText('the ModelRollout', got) };
    if (got.kind === 'ok') {
      isTold = false;
      const stored = storedRollout(got.value, Date.now());
      if (typeof stored === 'string') return { kind: 'lost', reason: stored };
      last = stored;
      if (stored.isSeen && isEnd(stored.shown.state.phase)) {
        view.end(stored.shown, Date.now());
        return { kind: 'ended', stored };
      }
      view.show(stored.shown, Date.now());
    } else if (!isTold) {
      isTold = true;
      view.note(failureText('the ModelRollout', got));
    }
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
  }
  return { kind: 'left', stored: last };
}
