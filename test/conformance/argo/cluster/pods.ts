/** Stands in for the scheduler and the kubelet: every pod gets a node, is ready at once, and goes at once. */
import { z } from 'zod';
import { ApiError, type ApiClient } from './api-client.js';
import { Watched } from './watched.js';

const nodeName = 'stand-in';

const pod = z.object({
  metadata: z.object({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({
    nodeName: z.string().optional(),
    containers: z.array(z.object({ name: z.string(), image: z.string() })),
  }),
  status: z.object({ phase: z.string().optional() }).prefault({}),
});

type Pod = z.infer<typeof pod>;

export class PodStandIn {
  readonly #api: ApiClient;
  #pods: Watched<Pod> | undefined;
  #addresses = 0;
  #isStopped = false;

  private constructor(api: ApiClient) {
    this.#api = api;
  }

  /** Puts the node there, and sees to all pods from then on. */
  static async start(api: ApiClient): Promise<PodStandIn> {
    const standIn = new PodStandIn(api);
    await api.ask('/api/v1/nodes', {
      method: 'POST',
      body: { apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName } },
    });
    standIn.#pods = await Watched.start({
      api,
      path: '/api/v1/pods',
      read: (object) => pod.parse(object),
    });
    standIn.#pods.onChange((changed) => void standIn.#see(changed));
    return standIn;
  }

  stop(): void {
    this.#isStopped = true;
    this.#pods?.stop();
  }

  /** Does the next thing that the pod waits for; the change that it makes calls for the one after. */
  async #see(seen: Pod): Promise<void> {
    const { metadata, spec, status } = seen;
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
    try {
      if (metadata.deletionTimestamp !== undefined) {
        await this.#api.ask(path, {
          method: 'DELETE',
          body: { gracePeriodSeconds: 0, preconditions: { uid: metadata.uid } },
        });
      } else if (spec.nodeName === undefined) {
        await this.#api.ask(`${path}/binding`, {
          method: 'POST',
          body: {
            apiVersion: 'v1',
            kind: 'Binding',
            metadata: { name: metadata.name },
            target: { apiVersion: 'v1', kind: 'Node', name: nodeName },
          },
        });
      } else if (status.phase !== 'Running') {
        await this.#api.ask(`${path}/status`, { method: 'PATCH', body: { status: this.#running(seen) } });
      }
    } catch (error) {
      // The pod is gone, or another change to it comes.
      const isOvertaken = error instanceof ApiError && [404, 409].includes(error.status);
      if (!isOvertaken && !this.#isStopped) throw error;
    }
  }

  #running({ spec }: Pod): object {
    const now = new Date().toISOString();
    const address = ++this.#addresses;
    const podIP = `10.1.${address >> 8}.${address & 255}`;
    const isTrue = (type: string) => ({ type, status: 'True', lastTransitionTime: now });
    return {
      phase: 'Running',
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: now,
      conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map(isTrue),
      containerStatuses: spec.containers.map(({ name, image }) => ({
        name,
        image,
        imageID: '',
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: now } },
      })),
    };
  }
}
