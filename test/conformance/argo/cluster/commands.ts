/** The real programs of a cluster. Each is built when it is first asked for. */
import { join } from 'node:path';
import { buildCommand, dependencyFolder } from './build-command.js';

/** The module whose API server, kubectl and, unless a test says otherwise, controller are used. */
const standardModule = 'rollouts';

const argo = 'github.com/argoproj/argo-rollouts';

export function apiServerCommand(): string {
  return kubernetesCommand('kube-apiserver');
}

export function controllerManagerCommand(): string {
  return kubernetesCommand('kube-controller-manager');
}

export function kubectlCommand(): string {
  return kubernetesCommand('kubectl');
}

/** @param module the folder under `modules/` that names the version of Argo Rollouts */
export function rolloutsControllerCommand(module = standardModule): string {
  return buildCommand({ module, package: `${argo}/cmd/rollouts-controller`, name: 'rollouts-controller' });
}

/** The plugin of kubectl that people watch and steer their rollouts with. */
export function pluginCommand(module = standardModule): string {
  return buildCommand({
    module,
    package: `${argo}/cmd/kubectl-argo-rollouts`,
    name: 'kubectl-argo-rollouts',
  });
}

/** The files that declare Rollout, AnalysisTemplate and so on to an API server. */
export function rolloutsResourceFiles(module = standardModule): readonly string[] {
  const kinds = ['rollout', 'analysis-template', 'cluster-analysis-template', 'analysis-run', 'experiment'];
  return kinds.map((kind) => join(dependencyFolder(module, argo), 'manifests', 'crds', `${kind}-crd.yaml`));
}

/** The files that declare the objects of traffic routers: of Istio and of the Gateway API. */
export function routerResourceFiles(): readonly string[] {
  const folderOf = (dependency: string) => dependencyFolder('routers', dependency);
  return [
    join(folderOf('istio.io/api'), 'kubernetes', 'customresourcedefinitions.gen.yaml'),
    join(folderOf('sigs.k8s.io/gateway-api'), 'config', 'crd', 'standard'),
  ];
}

function kubernetesCommand(name: string): string {
  return buildCommand({ module: standardModule, package: `k8s.io/kubernetes/cmd/${name}`, name });
}
