import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { ApiError, type ApiClient, type ApiRequest } from '../../argo/cluster/api-client.js';
import { Watched } from '../../argo/cluster/watched.js';
import { readStandardService, serviceName, type StandardService } from './standard-service.js';

const routes = '/apis/gateway.networking.k8s.io/v1';
const apps = '/apis/apps/v1';

const deployment = z.object({
  metadata: z.object({ namespace: z.string(), name: z.string(), generation: z.number() }),
  status: z.object({ observedGeneration: z.number().optional() }).prefault({}),
});
const route = z.object({ metadata: z.object({ generation: z.number() }) });

/**
 * Stands in for what Standard mode needs beside KServe's controller: pods that run at once, and routes that split the
 * traffic as KServe does from the version on that follows 0.20.0, with a Gateway that takes them.
 */
export class FakeGateway {
  readonly #api: ApiClient;
  readonly #watches: { readonly stop: () => void }[] = [];
  readonly #written = new Map<string, string>();
  #isStopped = false;

  private constructor(api: ApiClient) {
    this.#api = api;
  }

  /** Sees to the InferenceServices in Standard mode of a namespace. */
  static async start(api: ApiClient, namespace: string): Promise<FakeGateway> {
    const gateway = new FakeGateway(api);
    const deployments = await Watched.start({
      api,
      path: `${apps}/namespaces/${namespace}/deployments`,
      read: (object) => deployment.parse(object),
    });
    deployments.onChange((one) => void gateway.#run(one));
    const services = await Watched.start({
      api,
      path: `/apis/serving.kserve.io/v1beta1/namespaces/${namespace}/inferenceservices`,
      read: readStandardService,
    });
    services.onChange((one) => {
      if (one !== undefined) void gateway.#route(one);
    });
    gateway.#watches.push(deployments, services);
    return gateway;
  }

  stop(): void {
    this.#isStopped = true;
    for (const watch of this.#watches) watch.stop();
  }

  async #run({ metadata, status }: z.infer<typeof deployment>): Promise<void> {
    const { namespace, name, generation } = metadata;
    if (status.observedGeneration === generation) return;
    const isTrue = (type: string, reason: string) => ({ type, status: 'True', reason });
    await this.#write(`${apps}/namespaces/${namespace}/deployments/${name}/status`, {
      method: 'PATCH',
      body: {
        status: {
          observedGeneration: generation,
          replicas: 1,
          readyReplicas: 1,
          availableReplicas: 1,
          updatedReplicas: 1,
          conditions: [
            isTrue('Available', 'MinimumReplicasAvailable'),
            isTrue('Progressing', 'NewReplicaSetAvailable'),
          ],
        },
      },
    });
  }

  async #route(service: StandardService): Promise<void> {
    const { namespace, name } = service.metadata;
    const ready = service.spec.canary.filter(({ predictor }) =>
      service.status.canaryStatuses.some((status) => status.name === predictor.name && status.ready),
    );
    const given = ready.reduce((sum, { trafficPercent }) => sum + trafficPercent, 0);
    const stable = serviceName(service, service.spec.predictor.name);
    const backendRefs = [
      { name: stable, port: 80, weight: 100 - given },
      ...ready.map(({ predictor, trafficPercent }) => ({
        name: serviceName(service, predictor.name),
        port: 80,
        weight: trafficPercent,
      })),
    ];
    for (const routeName of new Set([name, stable])) {
      await this.#writeRoute(namespace, routeName, {
        parentRefs: [{ name: 'gateway' }],
        rules: [{ backendRefs }],
      });
    }
  }

  async #writeRoute(namespace: string, name: string, spec: object): Promise<void> {
    const key = `${namespace}/${name}`;
    const text = JSON.stringify(spec);
    if (this.#written.get(key) === text) return;
    this.#written.set(key, text);
    const collection = `${routes}/namespaces/${namespace}/httproutes`;
    const object = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name },
      spec,
    };
    await this.#write(collection, { method: 'POST', body: object });
    await this.#write(`${collection}/${name}`, { method: 'PATCH', body: { spec } });
    const { generation } = route.parse(await this.#api.ask(`${collection}/${name}`)).metadata;
    const condition = (type: string) => ({
      type,
      status: 'True',
      reason: type,
      message: '',
      observedGeneration: generation,
      lastTransitionTime: new Date().toISOString(),
    });
    await this.#write(`${collection}/${name}/status`, {
      method: 'PATCH',
      body: {
        status: {
          parents: [
            {
              parentRef: { name: 'gateway' },
              controllerName: 'example.com/gateway',
              conditions: ['Accepted', 'ResolvedRefs'].map(condition),
            },
          ],
        },
      },
    });
  }

  /** Tries until the server has taken it, or it is of no use. */
  async #write(path: string, request: ApiRequest): Promise<void> {
    while (!this.#isStopped) {
      try {
        await this.#api.ask(path, request);
        return;
      } catch (error) {
        if (error instanceof ApiError && [404, 409].includes(error.status)) return;
        if (error instanceof ApiError && error.status < 500) throw error;
        await pause(100);
      }
    }
  }
}
