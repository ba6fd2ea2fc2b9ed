import { stringify } from 'yaml';
import type { LoopbackProcess } from '../../../support/prometheus/loopback-process.js';
import type { AnalysisRunState } from './analysis-run-state.js';
import type { ApiAccess, ApiClient } from './api-client.js';
import type { CommandRun } from './kubectl.js';
import { readEvents, type ObjectEvent } from './object-event.js';
import { buildPrograms, type ClusterOptions } from './programs.js';
import type { RolloutState } from './rollout-state.js';
import { startParts, type ClusterParts } from './start-parts.js';
import type { WaitOptions } from './wait-options.js';

/** A real API server with the real controller of Argo Rollouts on the loopback; pods run nothing, but are ready. */
export class ArgoCluster {
  readonly #parts: ClusterParts;
  readonly #stop: () => Promise<void>;

  private constructor(parts: ClusterParts, stop: () => Promise<void>) {
    this.#parts = parts;
    this.#stop = stop;
  }

  /** Resolves once the controller is healthy. The first time of all, its programs are built, which takes minutes. */
  static async start(options: ClusterOptions = {}): Promise<ArgoCluster> {
    const ends: (() => Promise<void> | void)[] = [];
    const stop = async () => {
      for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
    };
    try {
      const parts = await startParts(buildPrograms(options), (end) => ends.push(end));
      return new ArgoCluster(parts, stop);
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

  /** Where the API server is, and who asks it. */
  get access(): ApiAccess {
    return this.#parts.folder.access;
  }

  /** For questions of a test's own. */
  get api(): ApiClient {
    return this.#parts.api;
  }

  /** All that were started, also those that have ended. */
  get processes(): readonly LoopbackProcess[] {
    return [...this.#parts.processes, ...this.#parts.controller.processes];
  }

  /** What the controller said, over all its lives. */
  get controllerLog(): readonly string[] {
    return this.#parts.controller.log;
  }

  /** @throws Error with all that kubectl wrote, where it did not succeed */
  kubectl(args: readonly string[], options: { readonly input?: string } = {}): Promise<string> {
    return this.#parts.kubectl.run(args, options);
  }

  /** Runs kubectl, whatever becomes of it. */
  tryKubectl(args: readonly string[], options: { readonly input?: string } = {}): Promise<CommandRun> {
    return this.#parts.kubectl.try(args, options);
  }

  /** Runs `kubectl argo rollouts …`, which has to succeed; what it writes is black and white. */
  async plugin(args: readonly string[]): Promise<string> {
    if (this.#parts.plugin === undefined) throw new Error('a cluster that only measures has no plugin');
    return this.#parts.plugin.run(args[0] === 'get' ? [...args, '--no-color'] : args);
  }

  async createNamespace(name: string): Promise<void> {
    await this.api.ask('/api/v1/namespaces', {
      method: 'POST',
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    });
  }

  /**
   * Applies objects or the text of a file as people do; a field that the server does not know is an error.
   * @throws Error with what the server found
   */
  apply(
    manifests: string | readonly object[],
    { namespace }: { readonly namespace?: string } = {},
  ): Promise<string> {
    const input =
      typeof manifests === 'string'
        ? manifests
        : manifests.map((manifest) => stringify(manifest)).join('---\n');
    return this.kubectl(['apply', '--validate=strict', ...inNamespace(namespace), '-f', '-'], { input });
  }

  /** An object as the server has it. */
  async get(kind: string, name: string, namespace?: string): Promise<unknown> {
    return JSON.parse(await this.kubectl(['get', kind, name, ...inNamespace(namespace), '-o', 'json']));
  }

  async readEvents(namespace: string): Promise<readonly ObjectEvent[]> {
    return readEvents(await this.api.ask(`/api/v1/namespaces/${namespace}/events`));
  }

  /** As the server has it now. */
  readRollout(namespace: string, name: string): Promise<RolloutState> {
    return this.#parts.rollouts.read(namespace, name);
  }

  /** As the server last told: costs nothing, and is behind by some milliseconds. */
  rolloutNow(namespace: string, name: string): RolloutState | undefined {
    return this.#parts.rollouts.now(namespace, name);
  }

  /** Tells of every Rollout that there is, and of each change; the answer ends that. */
  onRolloutChange(listener: (state: RolloutState) => void): () => void {
    return this.#parts.rollouts.onChange(listener);
  }

  /**
   * Waits until the controller has seen the newest spec and the status is as wanted; also one that was there only for
   * a moment counts.
   * @throws Error with what was there instead, its analysis runs and what the controller said of it
   */
  waitForRollout(
    namespace: string,
    name: string,
    isThere: (state: RolloutState) => boolean,
    options: WaitOptions,
  ): Promise<RolloutState> {
    return this.#parts.rollouts.waitFor(namespace, name, isThere, options);
  }

  /** The AnalysisRuns of a namespace as the server has them now, oldest first. */
  readAnalysisRuns(namespace: string): Promise<readonly AnalysisRunState[]> {
    return this.#parts.runs.read(namespace);
  }

  /** The AnalysisRuns of a namespace as the server last told, oldest first. */
  analysisRunsNow(namespace: string): readonly AnalysisRunState[] {
    return this.#parts.runs.now(namespace);
  }

  /**
   * Waits for an AnalysisRun of a namespace that is as wanted, also if only for a moment.
   * @throws Error with the runs that are there
   */
  waitForAnalysisRun(
    namespace: string,
    isIt: (run: AnalysisRunState) => boolean,
    options: WaitOptions,
  ): Promise<AnalysisRunState> {
    return this.#parts.runs.waitFor(namespace, isIt, options);
  }

  /** Lets the controller see again what it has lost sight of, while something is waited for. */
  touchWhile<T>(namespace: string, name: string, waited: Promise<T>): Promise<T> {
    return this.#parts.rollouts.touchWhile(namespace, name, waited);
  }

  /** A new version of the pod template, told by an annotation. */
  newVersion(namespace: string, name: string, version: string): Promise<void> {
    return this.#parts.rollouts.newVersion(namespace, name, version);
  }

  /** A person accepts what the rollout waits for; `full` skips all that is left. */
  async promote(namespace: string, name: string, how?: 'full'): Promise<void> {
    await this.plugin(['promote', name, '-n', namespace, ...(how === 'full' ? ['--full'] : [])]);
  }

  /** A person gives the canary up. */
  async abort(namespace: string, name: string): Promise<void> {
    await this.plugin(['abort', name, '-n', namespace]);
  }

  /** A person has it tried again, with the same pod template. */
  async retry(namespace: string, name: string): Promise<void> {
    await this.plugin(['retry', 'rollout', name, '-n', namespace]);
  }

  /** Ends the controller: as nothing can prevent, or as Kubernetes would ask it to. */
  stopController(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    return this.#parts.controller.stop(signal);
  }

  /** Resolves once it is healthy again. */
  startController(): Promise<void> {
    return this.#parts.controller.start();
  }

  async restartController(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    await this.stopController(signal);
    await this.startController();
  }
}

function inNamespace(namespace: string | undefined): readonly string[] {
  return namespace === undefined ? [] : ['-n', namespace];
}
