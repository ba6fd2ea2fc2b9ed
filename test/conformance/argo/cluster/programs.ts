import {
  apiServerCommand,
  controllerManagerCommand,
  kubectlCommand,
  pluginCommand,
  rolloutsControllerCommand,
  routerResourceFiles,
  rolloutsResourceFiles,
} from './commands.js';

export interface ClusterOptions {
  /** `analysis`: only AnalysisRuns are measured, there are neither pods nor the plugin. Absent: all of it. */
  readonly controllers?: 'analysis';
  /** The folder under `modules/` that names the version of Argo Rollouts. */
  readonly module?: string;
  /**
   * Declares the objects of Istio and of the Gateway API. No router is there, but the controller tells it the weights.
   */
  readonly routers?: boolean;
}

/** Where the programs of a cluster are, and the files that declare kinds of objects. */
export interface Programs {
  readonly apiServer: string;
  readonly controller: string;
  readonly kubectl: string;
  readonly resourceFiles: readonly string[];
  /** What only Rollouts need. */
  readonly forRollouts?: { readonly controllerManager: string; readonly plugin: string };
}

/** Builds what is not built yet. While Go builds, nothing else of this process goes on. */
export function buildPrograms({ controllers, module, routers = false }: ClusterOptions): Programs {
  return {
    apiServer: apiServerCommand(),
    controller: rolloutsControllerCommand(module),
    kubectl: kubectlCommand(),
    resourceFiles: [...rolloutsResourceFiles(module), ...(routers ? routerResourceFiles() : [])],
    ...(controllers === 'analysis'
      ? {}
      : { forRollouts: { controllerManager: controllerManagerCommand(), plugin: pluginCommand() } }),
  };
}
