import type { ClusterApi } from '../cluster/cluster-api.js';
import type { KubernetesObject } from '../cluster/kubernetes-object.js';
import type { RolloutStore, Saved } from '../driver/rollout-store.js';
import type { RolloutState } from '../machine/rollout-state.js';
import type { ModelRollout } from '../resource/model-rollout.js';
import { rolloutReference } from '../resource/rollout-reference.js';
import { conditionsIn } from '../resource/saved-state.js';
import { statusOf } from '../resource/status-of.js';

/**
 * Keeps a state in the status of its ModelRollout. Each write names the copy that it rests on, so that of two who write at the
 * same time one is refused, and may not act.
 */
export class StatusStore implements RolloutStore {
  readonly #api: ClusterApi;
  readonly #rollout: ModelRollout;
  readonly #run: number;
  readonly #now: () => number;
  #object: KubernetesObject;
  #retryAfterMs: number | undefined;

  /** @param run the run that the state is about, which may be one before that of the spec */
  constructor(
    api: ClusterApi,
    {
      rollout,
      run,
      object,
    }: { readonly rollout: ModelRollout; readonly run: number; readonly object: KubernetesObject },
    now: () => number,
  ) {
    this.#api = api;
    this.#rollout = rollout;
    this.#run = run;
    this.#object = object;
    this.#now = now;
  }

  /** The API server, asked last, does not want to be asked sooner; undefined: it did not say. */
  get retryAfterMs(): number | undefined {
    return this.#retryAfterMs;
  }

  async save(state: RolloutState, signal?: AbortSignal): Promise<Saved> {
    const { namespace, name } = this.#rollout;
    const before = conditionsIn(this.#object.status);
    const status = statusOf({ ...this.#rollout, run: this.#run }, state, before, this.#now());
    const written = await this.#api.replace(
      rolloutReference(namespace, name),
      { ...this.#object, status },
      { subresource: 'status', signal },
    );
    this.#retryAfterMs = written.kind === 'unavailable' ? written.retryAfterMs : undefined;
    switch (written.kind) {
      case 'ok':
        this.#object = written.value;
        return { kind: 'saved' };
      case 'conflict':
        return { kind: 'conflict' };
      case 'not-found':
        return { kind: 'gone' };
      case 'invalid':
      case 'forbidden':
      case 'unavailable':
        return { kind: 'unavailable', reason: `the status was not saved: ${written.reason}` };
    }
  }
}
