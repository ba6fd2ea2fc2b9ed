import type { ApiClient } from '../../argo/cluster/api-client.js';
import type { WaitOptions } from '../../argo/cluster/wait-options.js';
import { Watched } from '../../argo/cluster/watched.js';
import { readModelRollout, type ModelRolloutState } from './model-rollout.js';

const collection = '/apis/ml-verdict.io/v1alpha1';

/** The ModelRollouts of a cluster: made, and followed by their status. */
export class ModelRollouts {
  readonly #api: ApiClient;
  readonly #watched: Watched<ModelRolloutState>;

  private constructor(api: ApiClient, watched: Watched<ModelRolloutState>) {
    this.#api = api;
    this.#watched = watched;
  }

  static async start(api: ApiClient): Promise<ModelRollouts> {
    const path = `${collection}/modelrollouts`;
    return new ModelRollouts(api, await Watched.start({ api, path, read: readModelRollout }));
  }

  stop(): void {
    this.#watched.stop();
  }

  /** As the server last told. */
  now(namespace: string, name: string): ModelRolloutState | undefined {
    return this.#watched.now(namespace, name);
  }

  /** Tells of every one that there is, and of each change; the answer ends that. */
  onChange(listener: (rollout: ModelRolloutState) => void): () => void {
    return this.#watched.onChange(listener);
  }

  async create(namespace: string, name: string, spec: object): Promise<void> {
    await this.#api.ask(`${collection}/namespaces/${namespace}/modelrollouts`, {
      method: 'POST',
      body: {
        apiVersion: 'ml-verdict.io/v1alpha1',
        kind: 'ModelRollout',
        metadata: { namespace, name },
        spec,
      },
    });
  }

  /** Merges something into its spec. */
  async change(namespace: string, name: string, spec: object): Promise<void> {
    await this.#api.ask(`${collection}/namespaces/${namespace}/modelrollouts/${name}`, {
      method: 'PATCH',
      body: { spec },
    });
  }

  async delete(namespace: string, name: string): Promise<void> {
    await this.#api.ask(`${collection}/namespaces/${namespace}/modelrollouts/${name}`, { method: 'DELETE' });
  }

  /**
   * Waits until one is as wanted; also what was there only for a moment counts.
   * @throws Error with what was there instead
   */
  async waitFor(
    namespace: string,
    name: string,
    isThere: (rollout: ModelRolloutState) => boolean,
    { withinMs, what }: WaitOptions,
  ): Promise<ModelRolloutState> {
    const isIt = (one: ModelRolloutState) => one.namespace === namespace && one.name === name && isThere(one);
    const found = await this.#watched.first(isIt, withinMs);
    if (found !== undefined) return found;
    const now = JSON.stringify(this.now(namespace, name));
    throw new Error(`${namespace}/${name} was not ${what} within ${withinMs / 1000} s: ${now}`);
  }
}
