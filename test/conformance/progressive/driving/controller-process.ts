import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '../../../support/prometheus/free-port.js';
import { LoopbackProcess } from '../../../support/prometheus/loopback-process.js';
import { call } from '../../../support/service/call.js';
import { compiledFastClock } from '../../../support/service/compiled-fast-clock.js';
import { compiledProgram, repository } from '../../../support/service/compiled-program.js';
import type { FastClock } from '../../../support/service/fast-clock.js';

export interface ControllerOptions {
  /** For messages. */
  readonly name: string;
  readonly clock: FastClock;
  readonly kubeconfig: string;
  /** Keeps its files. */
  readonly folder: string;
  /** Where verdicts come from, and the file of the token for that. */
  readonly service: { readonly url: string; readonly tokenFile: string };
  /** The namespaces whose rollouts it drives. */
  readonly namespaces: readonly string[];
  /** The namespace of its lease; who shares it is one of several replicas. */
  readonly leaseNamespace: string;
  /** Its config. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A replica of the real `ml-verdict controller`, compiled, as a process of its own whose time passes fast. */
export class ControllerProcess {
  readonly #options: ControllerOptions;
  readonly #metricsPort: number;
  readonly #processes: LoopbackProcess[] = [];

  private constructor(options: ControllerOptions, metricsPort: number) {
    this.#options = options;
    this.#metricsPort = metricsPort;
  }

  static async start(options: ControllerOptions): Promise<ControllerProcess> {
    const controller = new ControllerProcess(options, await freePort());
    await controller.start();
    return controller;
  }

  /** Starts it (again), and waits until it is ready. */
  async start(): Promise<void> {
    const { name, clock, kubeconfig, folder, service, namespaces, leaseNamespace, config } = this.#options;
    const configFile = join(folder, `${name}.yaml`);
    writeFileSync(configFile, stringify(config));
    const preloaded = ['--import', compiledFastClock(clock)];
    this.#processes.push(
      await LoopbackProcess.start({
        name,
        command: process.execPath,
        args: [
          ...preloaded,
          compiledProgram(),
          'controller',
          `--service=${service.url}`,
          `--service-token-file=${service.tokenFile}`,
          `--config=${configFile}`,
          `--kubeconfig=${kubeconfig}`,
          ...namespaces.flatMap((namespace) => ['--namespace', namespace]),
          `--lease-namespace=${leaseNamespace}`,
          `--metrics-port=${this.#metricsPort}`,
        ],
        readyUrl: `http://127.0.0.1:${this.#metricsPort}/readyz`,
        install: 'npm run build',
        cwd: repository,
        keptLines: 20_000,
      }),
    );
  }

  /** The present one. */
  get process(): LoopbackProcess {
    const present = this.#processes.at(-1);
    if (present === undefined) throw new Error(`${this.#options.name} was not started`);
    return present;
  }

  /** Each that was started. */
  get processes(): readonly LoopbackProcess[] {
    return this.#processes;
  }

  /** Its metrics, as Prometheus would get them. */
  async metrics(): Promise<string> {
    return (await call(`http://127.0.0.1:${this.#metricsPort}/metrics`)).text;
  }

  /** The value of a metric that has one series only. */
  async metric(name: string): Promise<number> {
    const value = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(await this.metrics())?.[1];
    if (value === undefined) throw new Error(`${this.#options.name} has no metric ${name}`);
    return Number(value);
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.process.stop(signal);
  }
}
