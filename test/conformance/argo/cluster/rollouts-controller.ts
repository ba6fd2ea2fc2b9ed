import { freePort } from '../../../support/prometheus/free-port.js';
import { LoopbackProcess } from '../../../support/prometheus/loopback-process.js';
import { runTool } from '../../tools/run-tool.js';
import type { ClusterFolder } from './cluster-folder.js';

export interface RolloutsControllerOptions {
  readonly command: string;
  readonly folder: ClusterFolder;
  /** Without Rollouts: it only measures AnalysisRuns. */
  readonly isAnalysisOnly: boolean;
}

/** Argo's controller; it starts again on the same ports. */
export class RolloutsController {
  readonly #options: RolloutsControllerOptions;
  readonly #ports: { readonly metrics: number; readonly health: number };
  readonly #processes: LoopbackProcess[] = [];

  private constructor(
    options: RolloutsControllerOptions,
    ports: { readonly metrics: number; readonly health: number },
  ) {
    this.#options = options;
    this.#ports = ports;
  }

  static async start(options: RolloutsControllerOptions): Promise<RolloutsController> {
    const controller = new RolloutsController(options, {
      metrics: await freePort(),
      health: await freePort(),
    });
    await controller.start();
    return controller;
  }

  /** Resolves once it is healthy. */
  async start(): Promise<void> {
    const { command, folder, isAnalysisOnly } = this.#options;
    this.#processes.push(
      await LoopbackProcess.start({
        name: 'rollouts-controller',
        command,
        args: [
          `--kubeconfig=${folder.kubeconfig}`,
          '--leader-elect=false',
          `${metricsPortFlag(command)}=${this.#ports.metrics}`,
          `--healthzPort=${this.#ports.health}`,
          '--loglevel=debug',
          ...(isAnalysisOnly ? ['--controllers=analysis'] : []),
        ],
        readyUrl: `http://127.0.0.1:${this.#ports.health}/healthz`,
        install: 'build it with Go',
        cwd: folder.path,
        keptLines: 40_000,
        env: { POD_NAMESPACE: 'argo-rollouts' },
      }),
    );
  }

  /** Ends it: as Kubernetes asks it to, or as nothing can prevent. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#processes.at(-1)?.stop(signal);
  }

  /** What each of them said, the present one last. */
  get log(): readonly string[] {
    return this.#processes.flatMap(({ log }) => log);
  }

  /** Each that was started, the present one last. */
  get processes(): readonly LoopbackProcess[] {
    return this.#processes;
  }
}

/** As the release spells it: up to 1.8 `--metricsport`. */
function metricsPortFlag(command: string): string {
  const [flag] = /--metricsport/i.exec(runTool(command, ['--help'])) ?? [];
  if (flag === undefined) throw new Error(`${command} has no flag for the port of its metrics`);
  return flag;
}
