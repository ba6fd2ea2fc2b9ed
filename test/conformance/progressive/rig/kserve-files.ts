/** The controller of KServe and the files that declare its kinds, from the module that `modules/kserve` names. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCommand, dependencyFolder } from '../../argo/cluster/build-command.js';

const module = fileURLToPath(new URL('../modules/kserve/', import.meta.url));
const kserve = 'github.com/kserve/kserve';

/** The path of the controller; building it takes minutes the first time. */
export function kserveManagerCommand(): string {
  return buildCommand({ module, package: `${kserve}/cmd/manager`, name: 'kserve-manager' });
}

/**
 * The files that declare InferenceService and what its controller reads beside it, and what others bring: Knative's
 * Service, and the routes of Istio and of the Gateway API.
 */
export function kserveResourceFiles(): readonly string[] {
  const folder = dependencyFolder(module, kserve);
  const kinds = [
    'inferenceservices',
    'servingruntimes',
    'clusterservingruntimes',
    'inferencegraphs',
    'trainedmodels',
  ];
  return [
    ...kinds.map((kind) => join(folder, 'config', 'crd', 'full', `serving.kserve.io_${kind}.yaml`)),
    join(
      ...[folder, 'config', 'crd', 'full'],
      ...['clusterstoragecontainer', 'serving.kserve.io_clusterstoragecontainers.yaml'],
    ),
    ...['knative_service', 'istio_virtualservice', 'gatewayapi_httproute'].map((kind) =>
      join(folder, 'test', 'crds', `${kind}.yaml`),
    ),
  ];
}
