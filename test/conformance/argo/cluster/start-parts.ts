import type { LoopbackProcess } from '../../../support/prometheus/loopback-process.js';
import { freePort } from '../../../support/prometheus/free-port.js';
import { AnalysisRuns } from './analysis-runs.js';
import { ApiClient } from './api-client.js';
import { makeClusterFolder, type ClusterFolder } from './cluster-folder.js';
import { startApiServer, startControllerManager, startEtcd } from './control-plane.js';
import { declareKinds } from './declare-kinds.js';
import { Kubectl } from './kubectl.js';
import { PodStandIn } from './pods.js';
import type { Programs } from './programs.js';
import { Rollouts } from './rollouts.js';
import { RolloutsController } from './rollouts-controller.js';

/** What a cluster consists of. */
export interface ClusterParts {
  readonly folder: ClusterFolder;
  readonly api: ApiClient;
  readonly kubectl: Kubectl;
  readonly plugin: Kubectl | undefined;
  /** Besides the controller, which may be started again. */
  readonly processes: readonly LoopbackProcess[];
  readonly controller: RolloutsController;
  readonly rollouts: Rollouts;
  readonly runs: AnalysisRuns;
}

/**
 * Starts a cluster, part by part.
 * @param onStop is told how each part ends; what comes later uses what came before
 */
export async function startParts(
  programs: Programs,
  onStop: (end: () => Promise<void> | void) => void,
): Promise<ClusterParts> {
  const { forRollouts } = programs;
  const folder = await makeClusterFolder(await freePort());
  onStop(folder.remove);
  const processes: LoopbackProcess[] = [];
  const keep = (process: LoopbackProcess) => {
    processes.push(process);
    onStop(() => process.stop('SIGKILL'));
  };
  const tool = (name: string, command: string) =>
    new Kubectl({ name, command, kubeconfig: folder.kubeconfig, homeFolder: folder.path });

  const etcd = await startEtcd(folder);
  keep(etcd.process);
  const api = new ApiClient(folder.access);
  keep(await startApiServer({ command: programs.apiServer, folder, etcdUrl: etcd.url, api }));
  onStop(() => {
    api.close();
  });
  const kubectl = tool('kubectl', programs.kubectl);
  const plugin = forRollouts === undefined ? undefined : tool('kubectl argo rollouts', forRollouts.plugin);
  await declareKinds(programs.resourceFiles, { api, kubectl });
  if (forRollouts !== undefined) {
    keep(await startControllerManager({ command: forRollouts.controllerManager, folder }));
    const pods = await PodStandIn.start(api);
    onStop(() => {
      pods.stop();
    });
  }
  const controller = await RolloutsController.start({
    command: programs.controller,
    folder,
    isAnalysisOnly: forRollouts === undefined,
  });
  onStop(() => controller.stop('SIGKILL'));
  const runs = await AnalysisRuns.start(api);
  onStop(() => {
    runs.stop();
  });
  const rollouts = await Rollouts.start({
    api,
    runs,
    controllerLog: () => controller.log,
  });
  onStop(() => {
    rollouts.stop();
  });
  return { folder, api, kubectl, plugin, processes, controller, rollouts, runs };
}
