import type { LoopbackProcess } from '../../../support/prometheus/loopback-process.js';
import type { FastClock } from '../../../support/service/fast-clock.js';
import type { ModelCluster } from '../rig/model-cluster.js';
import { ControllerProcess } from './controller-process.js';
import { allowLeaseIn, controllerAccount } from './shipped-access.js';

export interface ControllersOptions {
  readonly cluster: ModelCluster;
  readonly clock: FastClock;
  /** Who judges, and the file of the token for that. */
  readonly service: { readonly url: string; readonly tokenFile: string };
  /** Keeps their files. */
  readonly folder: string;
  /** Of every controller. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** How one replica is started. */
export interface ReplicaOptions {
  readonly name: string;
  readonly namespaces: readonly string[];
  readonly leaseNamespace: string;
  /** Where it reaches the API server; absent: the server itself. */
  readonly apiUrl?: string;
  /** Where it reaches the service; absent: the service itself. */
  readonly serviceUrl?: string;
}

/** Starts replicas of `ml-verdict controller` as the account that the shipped files make, and ends all of them. */
export class Controllers {
  readonly #options: ControllersOptions;
  readonly #started: ControllerProcess[] = [];
  /** Where the account may lead by a lease. */
  readonly #leases = new Map<string, Promise<void>>([[controllerAccount.namespace, Promise.resolve()]]);

  constructor(options: ControllersOptions) {
    this.#options = options;
  }

  async start(replica: ReplicaOptions): Promise<ControllerProcess> {
    const { cluster, clock, service, folder, config } = this.#options;
    const { name, namespaces, leaseNamespace, apiUrl, serviceUrl = service.url } = replica;
    const allowed = this.#leases.get(leaseNamespace) ?? allowLeaseIn(cluster, leaseNamespace);
    this.#leases.set(leaseNamespace, allowed);
    await allowed;
    const controller = await ControllerProcess.start({
      name,
      clock,
      kubeconfig: await cluster.kubeconfigOf(controllerAccount, apiUrl),
      folder,
      service: { ...service, url: serviceUrl },
      namespaces,
      leaseNamespace,
      config,
    });
    this.#started.push(controller);
    return controller;
  }

  /** Of all replicas, also those that have ended. */
  get processes(): readonly LoopbackProcess[] {
    return this.#started.flatMap(({ processes }) => processes);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#started.map((controller) => controller.stop('SIGKILL')));
  }
}
