import { setTimeout as pause } from 'node:timers/promises';
import type { ApiAnswer, ClusterApi, ObjectReference } from '../../progressive/cluster/cluster-api.js';
import type { KubernetesObject } from '../../progressive/cluster/kubernetes-object.js';
import { controllerPatienceMs } from './controller-patience.js';
import { isWaitingItsTurn, refusalText } from './controller-refusal.js';
import { failureText, rolloutFailureText } from './refused.js';
import type { LiveView } from './live-view.js';
import { storedRollout, type StoredRollout } from './stored-rollout.js';
import type { ShownRefusal } from './view/shown-rollout.js';

/** How following ended. */
export type Followed =
  | { readonly kind: 'ended'; readonly stored: StoredRollout }
  | { readonly kind: 'left'; readonly stored: StoredRollout | undefined }
  | { readonly kind: 'lost'; readonly reason: string };

export interface FollowOptions {
  /** How long a controller may take to look at it before that is told, once. */
  readonly patienceMs?: number;
  readonly everyMs?: number;
}

/** Shows a rollout that a controller drives until it has ended, or is refused for good, or the signal says so. */
export async function followRollout(
  api: ClusterApi,
  reference: ObjectReference,
  view: LiveView,
  signal: AbortSignal,
  { patienceMs = controllerPatienceMs, everyMs = 1_000 }: FollowOptions = {},
): Promise<Followed> {
  let last: StoredRollout | undefined;
  let unseenUntilMs: number | undefined = performance.now() + patienceMs;
  for (let isTold = false; !signal.aborted;) {
    const got: ApiAnswer<KubernetesObject> = await api.get(reference, signal);
    if (got.kind === 'not-found') {
      return { kind: 'lost', reason: await rolloutFailureText(api, reference, got) };
    }
    if (got.kind === 'ok') {
      isTold = false;
      const stored = storedRollout(got.value, Date.now());
      if (typeof stored === 'string') return { kind: 'lost', reason: stored };
      last = stored;
      const { shown, isSeen, hasEnded } = stored;
      if (isSeen && hasEnded) {
        view.end(shown, Date.now());
        return { kind: 'ended', stored };
      }
      const { refusal } = shown;
      if (refusal !== undefined && isForGood(refusal)) return { kind: 'lost', reason: refusalText(refusal) };
      view.show(shown, Date.now());
      if (isSeen || refusal !== undefined) unseenUntilMs = undefined;
      else if (unseenUntilMs !== undefined && performance.now() >= unseenUntilMs) {
        unseenUntilMs = undefined;
        view.note(unseenText(patienceMs));
      }
    } else if (!isTold && !isOver(signal)) {
      isTold = true;
      view.note(failureText('the ModelRollout', got));
    }
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
  }
  return { kind: 'left', stored: last };
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Waiting would not help: somebody has to write something else. */
function isForGood(refusal: ShownRefusal): boolean {
  return !isWaitingItsTurn(refusal) && refusal.reason !== 'BeingDeleted';
}

function unseenText(patienceMs: number): string {
  return `no controller has looked at it within ${patienceMs / 1000} s: is "ml-verdict controller" running? It stays written down until one does.`;
}
