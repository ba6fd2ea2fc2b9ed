import type { ApiClient } from '../../argo/cluster/api-client.js';
import type { WaitOptions } from '../../argo/cluster/wait-options.js';
import { Watched } from '../../argo/cluster/watched.js';
import { readInferenceService, type InferenceService } from './inference-service.js';

const api = '/apis/serving.kserve.io/v1beta1';

/** An operation of a JSON Patch. */
export interface PatchOperation {
  readonly op: 'test' | 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** The InferenceServices of a cluster: made, changed, and followed by their status. */
export class InferenceServices {
  readonly #api: ApiClient;
  readonly #watched: Watched<InferenceService>;

  private constructor(client: ApiClient, watched: Watched<InferenceService>) {
    this.#api = client;
    this.#watched = watched;
  }

  static async start(client: ApiClient): Promise<InferenceServices> {
    const path = `${api}/inferenceservices`;
    return new InferenceServices(
      client,
      await Watched.start({ api: client, path, read: readInferenceService }),
    );
  }

  stop(): void {
    this.#watched.stop();
  }

  /** As the server last told. */
  now(namespace: string, name: string): InferenceService | undefined {
    return this.#watched.now(namespace, name);
  }

  /** Tells of every one that there is, and of each change; the answer ends that. */
  onChange(listener: (service: InferenceService) => void): () => void {
    return this.#watched.onChange(listener);
  }

  /** Makes one with its first model, and waits until that serves everybody. */
  async create(namespace: string, name: string, storageUri: string): Promise<InferenceService> {
    await this.#api.ask(`${api}/namespaces/${namespace}/inferenceservices`, {
      method: 'POST',
      body: inferenceService(namespace, name, storageUri),
    });
    return this.waitFor(
      namespace,
      name,
      ({ rolledOut, percents }) => rolledOut !== undefined && percents.get(rolledOut) === 100,
      { withinMs: 60_000, what: 'serving its first model' },
    );
  }

  async patch(namespace: string, name: string, operations: readonly PatchOperation[]): Promise<void> {
    await this.#api.ask(pathOf(namespace, name), {
      method: 'PATCH',
      contentType: 'application/json-patch+json',
      body: operations,
    });
  }

  /** A newer model together with its first percent, as a person or GitOps applies it. */
  newModel(namespace: string, name: string, storageUri: string, percent: number): Promise<void> {
    return this.patch(namespace, name, [
      { op: 'replace', path: '/spec/predictor/model/storageUri', value: storageUri },
      { op: 'add', path: '/spec/predictor/canaryTrafficPercent', value: percent },
    ]);
  }

  async delete(namespace: string, name: string): Promise<void> {
    await this.#api.ask(pathOf(namespace, name), { method: 'DELETE' });
  }

  /**
   * Waits until one is as wanted; also what was there only for a moment counts.
   * @throws Error with what was there instead
   */
  async waitFor(
    namespace: string,
    name: string,
    isThere: (service: InferenceService) => boolean,
    { withinMs, what }: WaitOptions,
  ): Promise<InferenceService> {
    const isIt = (one: InferenceService) => one.namespace === namespace && one.name === name && isThere(one);
    const found = await this.#watched.first(isIt, withinMs);
    if (found !== undefined) return found;
    const now = this.now(namespace, name);
    const seen = JSON.stringify({ ...now, percents: [...(now?.percents ?? [])] });
    throw new Error(`${namespace}/${name} was not ${what} within ${withinMs / 1000} s: ${seen}`);
  }
}

function pathOf(namespace: string, name: string): string {
  return `${api}/namespaces/${namespace}/inferenceservices/${name}`;
}

/** One that is ready to be created. */
export function inferenceService(namespace: string, name: string, storageUri: string): object {
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { namespace, name },
    spec: {
      predictor: {
        minReplicas: 1,
        model: { modelFormat: { name: 'sklearn' }, runtime: 'runs-nothing', storageUri },
      },
    },
  };
}
