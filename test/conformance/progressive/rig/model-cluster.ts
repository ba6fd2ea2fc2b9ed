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
import { startEtcd } from '../../argo/cluster/control-plane.js';
import { declareKinds } from '../../argo/cluster/declare-kinds.js';
import { Kubectl, type CommandRun } from '../../argo/cluster/kubectl.js';
import { FakeKnative } from '../knative/fake-knative.js';
import { FakeSeldon } from '../seldon/fake-seldon.js';
import { ApiServer } from './api-server.js';
import { Audit } from './audit.js';
import { kserveManagerCommand, kserveResourceFiles } from './kserve-files.js';
import { startKserveManager } from './kserve-manager.js';
import { kserveSettings, servingRuntime } from './kserve-settings.js';
import { InferenceServices } from './inference-services.js';
import { seldonResourceFiles, type SeldonDefinitions } from './seldon-files.js';

const token = z.object({ status: z.object({ token: z.string() }) });

export interface ModelClusterOptions {
  /** That declare further kinds of objects. */
  readonly files?: readonly string[];
  /** Whether KServe's controller stays away: what it would write, a test writes. */
  readonly isBare?: boolean;
  /** Absent: our own. */
  readonly seldon?: SeldonDefinitions;
}

interface Parts {
  readonly folder: ClusterFolder;
  readonly audit: Audit;
  readonly apiServer: ApiServer;
  /** Besides the API server, which may be started again. */
  readonly processes: readonly LoopbackProcess[];
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
  readonly #stop: () => Promise<void>;

  private constructor(parts: Parts, stop: () => Promise<void>) {
    this.#parts = parts;
    this.#stop = stop;
  }

  /**
   * Resolves once KServe is ready. The first time of all, the programs are built, which takes minutes.
   */
  static async start(options: ModelClusterOptions = {}): Promise<ModelCluster> {
    const ends: (() => Promise<void> | void)[] = [];
    const stop = async () => {
      for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
    };
    try {
      return new ModelCluster(await startParts(options, (end) => ends.push(end)), stop);
    } catch (error) {
      await stop();
      throw error;
    }
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
    return [...this.#parts.processes, ...this.#parts.apiServer.processes];
  }

  /** To be stopped and started again. */
  get apiServer(): ApiServer {
    return this.#parts.apiServer;
  }

  /** What it was asked. */
  get audit(): Audit {
    return this.#parts.audit;
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

/**
 * Starts a cluster, part by part.
 * @param onStop is told how each part ends; what comes later uses what came before
 */
async function startParts(
  { files: extraFiles = [], isBare = false, seldon: definitions = 'own' }: ModelClusterOptions,
  onStop: (end: () => Promise<void> | void) => void,
): Promise<Parts> {
  const commands = { api: apiServerCommand(), kubectl: kubectlCommand() };
  const managerCommand = isBare ? undefined : kserveManagerCommand();
  const folder = await makeClusterFolder(await freePort());
  onStop(folder.remove);
  const etcd = await startEtcd(folder);
  onStop(() => etcd.process.stop('SIGKILL'));
  const api = new ApiClient(folder.access);
  const audit = new Audit(folder.path);
  const apiServer = await ApiServer.start({
    command: commands.api,
    folder,
    etcdUrl: etcd.url,
    api,
    flags: audit.flags,
  });
  onStop(() => apiServer.stop());
  onStop(() => {
    api.close();
  });
  const kubectl = new Kubectl({
    name: 'kubectl',
    command: commands.kubectl,
    kubeconfig: folder.kubeconfig,
    homeFolder: folder.path,
  });
  const files = [...kserveResourceFiles(), ...seldonResourceFiles(definitions, folder.path), ...extraFiles];
  await declareKinds(files, { api, kubectl });
  const settings = [...kserveSettings, servingRuntime].map((object) => stringify(object));
  await kubectl.run(['apply', '-f', '-'], { input: settings.join('---\n') });
  const knative = await FakeKnative.start(api);
  onStop(() => {
    knative.stop();
  });
  const seldon = await FakeSeldon.start(api);
  onStop(() => {
    seldon.stop();
  });
  const processes = [etcd.process];
  if (managerCommand !== undefined) {
    const manager = await startKserveManager({ command: managerCommand, folder });
    onStop(() => manager.stop('SIGKILL'));
    processes.push(manager);
  }
  const services = await InferenceServices.start(api);
  onStop(() => {
    services.stop();
  });
  return { folder, audit, apiServer, processes, api, kubectl, knative, seldon, services };
}
