import { setTimeout as pause } from 'node:timers/promises';
import { ApiError, type ApiClient, type ApiRequest } from '../../argo/cluster/api-client.js';
import { Watched } from '../../argo/cluster/watched.js';
import { readExperiment, type Experiment } from './experiment.js';
import type { SeldonBehaviour } from './seldon-behaviour.js';
import { readSeldonDeployment, type SeldonDeployment } from './seldon-deployment.js';
import { virtualServiceOf } from './virtual-service.js';

const deployments = '/apis/machinelearning.seldon.io/v1';
const experiments = '/apis/mlops.seldon.io/v1alpha1';
const istio = '/apis/networking.istio.io/v1alpha3';

/**
 * Stands in for the operators of Seldon Core 1 and 2: SeldonDeployments get the routes that their traffic asks for, and
 * Experiments say that they are ready. How it behaves can be told for each namespace at any time.
 */
export class FakeSeldon {
  readonly #api: ApiClient;
  readonly #behaviours = new Map<string, SeldonBehaviour>();
  readonly #done = new Map<string, number>();
  readonly #watches: { readonly stop: () => void }[] = [];
  #isStopped = false;

  private constructor(api: ApiClient) {
    this.#api = api;
  }

  static async start(api: ApiClient): Promise<FakeSeldon> {
    const seldon = new FakeSeldon(api);
    const ofDeployments = await Watched.start({
      api,
      path: `${deployments}/seldondeployments`,
      read: readSeldonDeployment,
    });
    ofDeployments.onChange((one) => void seldon.#seeDeployment(one));
    const ofExperiments = await Watched.start({
      api,
      path: `${experiments}/experiments`,
      read: readExperiment,
    });
    ofExperiments.onChange((one) => void seldon.#seeExperiment(one));
    seldon.#watches.push(ofDeployments, ofExperiments);
    return seldon;
  }

  stop(): void {
    this.#isStopped = true;
    for (const watch of this.#watches) watch.stop();
  }

  /** From the next change on it behaves so in a namespace. */
  behave(namespace: string, behaviour: SeldonBehaviour): void {
    this.#behaviours.set(namespace, behaviour);
  }

  async #seeDeployment(deployment: SeldonDeployment): Promise<void> {
    const { namespace, name } = deployment.metadata;
    if (!this.#isNew(`deployment ${namespace}/${name}`, deployment.metadata.generation)) return;
    const { routesAfterMs = 0, unready = [] } = this.#behaviours.get(namespace) ?? {};
    await this.#write(`${deployments}/namespaces/${namespace}/seldondeployments/${name}/status`, {
      method: 'PATCH',
      body: { status: statusOf(deployment, unready) },
    });
    // The operator routes anew only once every Deployment is ready.
    const isReady = deployment.spec.predictors.every((one) => !unready.includes(one.name));
    if (routesAfterMs === 'never' || !isReady) return;
    await pause(routesAfterMs);
    // As the operator: what is there is made to be what was asked for.
    const isKnown = await this.#write(`${istio}/namespaces/${namespace}/virtualservices`, {
      method: 'POST',
      body: virtualServiceOf(deployment),
    });
    if (isKnown === 409) {
      await this.#write(`${istio}/namespaces/${namespace}/virtualservices/${name}`, {
        method: 'PATCH',
        body: virtualServiceOf(deployment),
      });
    }
  }

  async #seeExperiment(experiment: Experiment): Promise<void> {
    const { namespace, name, generation } = experiment.metadata;
    if (!this.#isNew(`experiment ${namespace}/${name}`, generation)) return;
    const { unready = [] } = this.#behaviours.get(namespace) ?? {};
    const isReady = !experiment.spec.candidates.some((candidate) => unready.includes(candidate.name));
    const conditions = ['CandidatesReady', 'ExperimentReady', 'MirrorReady', 'Ready'].map((type) =>
      condition(type, isReady || type === 'MirrorReady'),
    );
    await this.#write(`${experiments}/namespaces/${namespace}/experiments/${name}/status`, {
      method: 'PATCH',
      body: { status: { conditions } },
    });
  }

  /** Whether a spec was not seen before: the status that is written comes back as a change too. */
  #isNew(key: string, generation: number): boolean {
    if (this.#done.get(key) === generation) return false;
    this.#done.set(key, generation);
    return true;
  }

  /** Tries until the server has said what becomes of it. */
  async #write(path: string, request: ApiRequest): Promise<number> {
    while (!this.#isStopped) {
      try {
        await this.#api.ask(path, request);
        return 200;
      } catch (error) {
        if (error instanceof ApiError && [404, 409].includes(error.status)) return error.status;
        if (error instanceof ApiError && error.status < 500) throw error;
        await pause(100);
      }
    }
    return 0;
  }
}

function statusOf({ metadata, spec }: SeldonDeployment, unready: readonly string[]): object {
  const isReady = (name: string) => !unready.includes(name);
  const allReady = spec.predictors.every(({ name }) => isReady(name));
  const statuses = spec.predictors.map(({ name }) => [
    `${metadata.name}-${name}-0-classifier`,
    { name, replicas: 1, availableReplicas: isReady(name) ? 1 : 0 },
  ]);
  return {
    state: allReady ? 'Available' : 'Creating',
    deploymentStatus: Object.fromEntries(statuses) as object,
    conditions: [
      condition('DeploymentsReady', allReady),
      condition('Ready', allReady),
      condition('ServicesReady', true),
      condition('istioVirtualServicesReady', true),
    ],
  };
}

function condition(type: string, isTrue: boolean): object {
  return { type, status: isTrue ? 'True' : 'False', lastTransitionTime: new Date().toISOString() };
}
