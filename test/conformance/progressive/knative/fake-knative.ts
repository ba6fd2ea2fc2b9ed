import { setTimeout as pause } from 'node:timers/promises';
import { ApiError, type ApiClient, type ApiRequest } from '../../argo/cluster/api-client.js';
import { Watched } from '../../argo/cluster/watched.js';
import { FakeService } from './fake-service.js';
import type { KnativeBehaviour } from './knative-behaviour.js';
import { readKnativeService, type KnativeService } from './knative-service.js';

const collection = '/apis/serving.knative.dev/v1';

/**
 * Stands in for Knative: nothing runs, but every Knative Service gets revisions, which become ready, and says where its
 * traffic goes. How it behaves can be told for each namespace at any time.
 */
export class FakeKnative {
  readonly #api: ApiClient;
  readonly #services = new Map<string, FakeService>();
  readonly #behaviours = new Map<string, KnativeBehaviour>();
  #watched: Watched<KnativeService> | undefined;
  #isStopped = false;

  private constructor(api: ApiClient) {
    this.#api = api;
  }

  /** Sees to all Knative Services from then on. */
  static async start(api: ApiClient): Promise<FakeKnative> {
    const knative = new FakeKnative(api);
    knative.#watched = await Watched.start({
      api,
      path: `${collection}/services`,
      read: readKnativeService,
    });
    knative.#watched.onChange((service) => {
      knative.#see(service);
    });
    return knative;
  }

  stop(): void {
    this.#isStopped = true;
    this.#watched?.stop();
  }

  /** From now on it behaves so in a namespace; what it has left out before it does now. */
  behave(namespace: string, behaviour: KnativeBehaviour): void {
    this.#behaviours.set(namespace, behaviour);
    for (const service of this.#watched?.in(namespace) ?? []) this.#see(service);
  }

  #see(service: KnativeService): void {
    const { namespace, name, uid } = service.metadata;
    const path = `${collection}/namespaces/${namespace}/services/${name}/status`;
    let fake = this.#services.get(uid);
    if (fake === undefined) {
      fake = new FakeService(name, () => this.#behaviours.get(namespace) ?? {}, {
        tell: (status) => this.#write(path, { method: 'PATCH', body: { status } }),
        breakPod: (revision, message) => this.#breakPod(namespace, revision, message),
      });
      this.#services.set(uid, fake);
    }
    fake.see(service);
  }

  async #breakPod(namespace: string, revision: string, message: string): Promise<void> {
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    const name = `${revision}-deployment-0`;
    await this.#write(pods, {
      method: 'POST',
      body: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name,
          labels: {
            'serving.knative.dev/revision': revision,
            'serving.kserve.io/inferenceservice': revision.replace(/-predictor-\d+$/, ''),
          },
        },
        spec: { containers: [{ name: 'kserve-container', image: 'runs-nothing' }] },
      },
    });
    const failed = { terminated: { exitCode: 1, reason: 'Error', message } };
    await this.#write(`${pods}/${name}/status`, {
      method: 'PATCH',
      body: {
        status: {
          phase: 'Running',
          containerStatuses: [
            {
              name: 'kserve-container',
              image: 'runs-nothing',
              imageID: '',
              ready: false,
              restartCount: 1,
              state: failed,
            },
          ],
        },
      },
    });
  }

  /** Tries until the server has taken it, or it is of no use any more. */
  async #write(path: string, request: ApiRequest): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#api.ask(path, request);
        return;
      } catch (error) {
        // It was deleted, or is there already.
        if (error instanceof ApiError && [404, 409].includes(error.status)) return;
        if (error instanceof ApiError && error.status < 500) throw error;
        await pause(100);
      }
    }
  }
}
