import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { freePort } from '../../../support/prometheus/free-port.js';
import type { LoopbackProcess } from '../../../support/prometheus/loopback-process.js';
import { until } from '../../../support/until.js';
import { ApiClient, type ApiAccess } from '../../argo/cluster/api-client.js';
import { makeClusterFolder, type ClusterFolder } from '../../argo/cluster/cluster-folder.js';
import { apiServerCommand, kubectlCommand } from '../../argo/cluster/commands.js';
import { startApiServer, startEtcd } from '../../argo/cluster/control-plane.js';
import { declareKinds } from '../../argo/cluster/declare-kinds.js';
import { Kubectl, type CommandRun } from '../../argo/cluster/kubectl.js';
import { FakeKnative } from '../knative/fake-knative.js';
import { FakeSeldon } from '../seldon/fake-seldon.js';
import { kserveManagerCommand, kserveResourceFiles } from './kserve-files.js';
import { startKserveManager } from './kserve-manager.js';
import { kserveSettings, servingRuntime } from './kserve-settings.js';
import { InferenceServices } from './inference-services.js';
import { seldonResourceFiles } from './seldon-files.js';

const token = z.object({ status: z.object({ token: z.string() }) });

interface Parts {
  readonly folder: ClusterFolder;
  readonly etcdUrl: string;
  readonly api: ApiClient;
  readonly kubectl: Kubectl;
  readonly knative: FakeKnative;
  readonly seldon: FakeSeldon;
  readonly services: InferenceServices;
}

/**
 * A real API server with KServe's real controller on the loopback. Knative's and Seldon's parts are played, and nothing
 * runs a model.
 */
export class ModelCluster {
  readonly #parts: Parts;
  readonly #processes: LoopbackProcess[];
  readonly #stop: () => Promise<void>;
  #apiServer: LoopbackProcess;

  private constructor(
    parts: Parts,
    processes: { readonly apiServer: LoopbackProcess; readonly others: readonly LoopbackProcess[] },
    stop: () => Promise<void>,
  ) {
    this.#parts = parts;
    this.#apiServer = processes.apiServer;
    this.#processes = [processes.apiServer, ...processes.others];
    this.#stop = stop;
  }

  /**
   * Resolves once KServe is ready. The first time of all, the programs are built, which takes minutes.
   * @param extraFiles that declare kinds of objects
   */
  static async start(extraFiles: readonly string[] = []): Promise<ModelCluster> {
    const ends: (() => Promise<void> | void)[] = [];
    const stop = async () => {
      for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
    };
    try {
      return await ModelCluster.#start(extraFiles, ends, stop);
    } catch (error) {
      await stop();
      throw error;
    }
  }

  static async #start(
    extraFiles: readonly string[],
    ends: (() => Promise<void> | void)[],
    stop: () => Promise<void>,
  ): Promise<ModelCluster> {
    const commands = { api: apiServerCommand(), kubectl: kubectlCommand(), kserve: kserveManagerCommand() };
    const folder = await makeClusterFolder(await freePort());
    ends.push(folder.remove);
    const etcd = await startEtcd(folder);
    ends.push(() => etcd.process.stop('SIGKILL'));
    const api = new ApiClient(folder.access);
    const apiServer = await startApiServer({ command: commands.api, folder, etcdUrl: etcd.url, api });
    // The present one, which need not be this one any more.
    ends.push(() => cluster?.stopApiServer() ?? apiServer.stop('SIGKILL'));
    ends.push(() => {
      api.close();
    });
    const kubectl = new Kubectl({
      name: 'kubectl',
      command: commands.kubectl,
      kubeconfig: folder.kubeconfig,
      homeFolder: folder.path,
    });
    const files = [...kserveResourceFiles(), ...seldonResourceFiles(), ...extraFiles];
    await declareKinds(files, { api, kubectl });
    const settings = [...kserveSettings, servingRuntime].map((object) => stringify(object));
    await kubectl.run(['apply', '-f', '-'], { input: settings.join('---\n') });
    const knative = await FakeKnative.start(api);
    ends.push(() => {
      knative.stop();
    });
    const seldon = await FakeSeldon.start(api);
    ends.push(() => {
      seldon.stop();
    });
    const manager = await startKserveManager({ command: commands.kserve, folder });
    ends.push(() => manager.stop('SIGKILL'));
    const services = await InferenceServices.start(api);
    ends.push(() => {
      services.stop();
    });
    const parts = { folder, etcdUrl: etcd.url, api, kubectl, knative, seldon, services };
    const cluster: ModelCluster = new ModelCluster(
      parts,
      { apiServer, others: [etcd.process, manager] },
      stop,
    );
    return cluster;
  }

  /** Ends every process by its own id, and removes all files. */
  stop(): Promise<void> {
    return this.#stop();
  }

  /** Where its files are. */
  get folder(): string {
    return this.#parts.folder.path;
  }

  get access(): ApiAccess {
    return this.#parts.folder.access;
  }

  /** Of the administrator. */
  get kubeconfig(): string {
    return this.#parts.folder.kubeconfig;
  }

  get api(): ApiClient {
    return this.#parts.api;
  }

  get knative(): FakeKnative {
    return this.#parts.knative;
  }

  get seldon(): FakeSeldon {
    return this.#parts.seldon;
  }

  get services(): InferenceServices {
    return this.#parts.services;
  }

  /** All that were started, also those that have ended. */
  get processes(): readonly LoopbackProcess[] {
    return this.#processes;
  }

  /** Ends the API server as nothing can prevent; its objects stay. */
  async stopApiServer(): Promise<void> {
    await this.#apiServer.stop('SIGKILL');
  }

  /** Resolves once it is ready again, at the same address. */
  async startApiServer(): Promise<void> {
    const { folder, etcdUrl, api } = this.#parts;
    this.#apiServer = await startApiServer({ command: apiServerCommand(), folder, etcdUrl, api });
    this.#processes.push(this.#apiServer);
  }

  /** @throws Error with all that kubectl wrote, where it did not succeed */
  kubectl(args: readonly string[], options: { readonly input?: string } = {}): Promise<string> {
    return this.#parts.kubectl.run(args, options);
  }

  /** Runs kubectl, whatever becomes of it. */
  tryKubectl(args: readonly string[], options: { readonly input?: string } = {}): Promise<CommandRun> {
    return this.#parts.kubectl.try(args, options);
  }

  async createNamespace(name: string): Promise<void> {
    await this.api.ask('/api/v1/namespaces', {
      method: 'POST',
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    });
  }

  /** Applies objects as people do; a field that the server does not know is an error. */
  apply(objects: readonly object[]): Promise<string> {
    const input = objects.map((object) => stringify(object)).join('---\n');
    return this.kubectl(['apply', '--validate=strict', '-f', '-'], { input });
  }

  /**
   * The path of a kubeconfig with which one asks as a service account, which has to be there.
   * @param url of something between it and the server; absent: the server itself
   */
  async kubeconfigOf(
    account: { readonly namespace: string; readonly name: string },
    url = this.access.url,
  ): Promise<string> {
    const { namespace, name } = account;
    const answer = await this.api.ask(`/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
      method: 'POST',
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: 36_000 },
      },
    });
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'test',
          cluster: {
            server: url,
            'certificate-authority-data': Buffer.from(this.access.authority).toString('base64'),
          },
        },
      ],
      users: [{ name, user: { token: token.parse(answer).status.token } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: name } }],
      'current-context': 'test',
    };
    const path = join(this.folder, `${namespace}-${name}-${new URL(url).port}.kubeconfig`);
    writeFileSync(path, stringify(config), { mode: 0o600 });
    return path;
  }

  /** Waits until an API answers something; what is not there yet may come. */
  async untilFound(path: string): Promise<void> {
    await until(async () => (await this.api.statusOf(path)) === 200);
  }
}
