/** The releases of Argo Rollouts that are tried; the go.mod of each module says which it is. */
import { readRepositoryFile } from '../../../support/pages/repository-files.js';

export interface Release {
  /** The folder under `modules/`. */
  readonly module: string;
  /** Without a `v`. */
  readonly version: string;
  /** What evaluates its conditions. */
  readonly expressions: string;
  /** The version of Kubernetes whose client it is built with, without a `v`. */
  readonly kubernetesClient: string;
}

/** The oldest supported one, and of each line the newest that builds with the Go that the project asks for. */
export const releases: readonly Release[] = [
  'rollouts-1.8.2',
  'rollouts-1.8.5',
  // What the scenarios run on.
  'rollouts',
  'rollouts-1.9.2',
  'rollouts-1.10.1',
].map(readRelease);

function readRelease(module: string): Release {
  const path = `test/conformance/argo/modules/${module}/go.mod`;
  const text = readRepositoryFile(path);
  const find = (pattern: RegExp): readonly string[] => {
    const found = pattern.exec(text);
    if (found === null) throw new Error(`${path} has no ${pattern.source}`);
    return found.slice(1);
  };
  const [version = ''] = find(/github\.com\/argoproj\/argo-rollouts v(\S+)/);
  const [engine = '', engineVersion = ''] = find(/github\.com\/((?:antonmedv|expr-lang)\/expr) v(\S+)/);
  // Release 1.34.1 of Kubernetes has libraries 0.34.1.
  const [client = ''] = find(/k8s\.io\/client-go => k8s\.io\/client-go v0\.(\S+)/);
  return {
    module,
    version,
    expressions: `${engine} ${engineVersion}`,
    kubernetesClient: `1.${client}`,
  };
}
