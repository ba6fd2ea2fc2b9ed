import type { AnalysisRuns } from './analysis-runs.js';
import type { ApiClient } from './api-client.js';
import { argoPath } from './argo-path.js';
import { readRolloutState, type RolloutState } from './rollout-state.js';
import { rolloutLine, runLines } from './state-lines.js';
import type { WaitOptions } from './wait-options.js';
import { Watched } from './watched.js';

export interface RolloutsOptions {
  readonly api: ApiClient;
  readonly runs: AnalysisRuns;
  readonly controllerLog: () => readonly string[];
}

/** Whoever waits for a Rollout touches it so often. */
const touchMs = 5000;

/** The Rollouts of a cluster. */
export class Rollouts {
  readonly #options: RolloutsOptions;
  readonly #watched: Watched<RolloutState>;

  private constructor(options: RolloutsOptions, watched: Watched<RolloutState>) {
    this.#options = options;
    this.#watched = watched;
  }

  static async start(options: RolloutsOptions): Promise<Rollouts> {
    const path = `${argoPath}/rollouts`;
    return new Rollouts(options, await Watched.start({ api: options.api, path, read: readRolloutState }));
  }

  stop(): void {
    this.#watched.stop();
  }

  /** As the server has it now. */
  async read(namespace: string, name: string): Promise<RolloutState> {
    return readRolloutState(await this.#options.api.ask(pathOf(namespace, name)));
  }

  /** As the server last told: costs nothing, and is behind by some milliseconds. */
  now(namespace: string, name: string): RolloutState | undefined {
    return this.#watched.now(namespace, name);
  }

  /** Tells what there is, and every change; the answer ends that. */
  onChange(listener: (state: RolloutState) => void): () => void {
    return this.#watched.onChange(listener);
  }

  /**
   * Waits until the controller has seen the newest spec and the status is as wanted; also one that was there only for
   * a moment counts.
   * @throws Error with what was there instead, its analysis runs and what the controller said of it
   */
  async waitFor(
    namespace: string,
    name: string,
    isThere: (state: RolloutState) => boolean,
    { withinMs, what }: WaitOptions,
  ): Promise<RolloutState> {
    const { generation } = await this.read(namespace, name);
    const seen: string[] = [];
    const first = this.#watched.first((state) => {
      if (state.namespace !== namespace || state.name !== name) return false;
      const line = rolloutLine(state);
      if (seen.at(-1) !== line) seen.push(line);
      return state.isObserved && state.generation >= generation && isThere(state);
    }, withinMs);
    const found = await this.touchWhile(namespace, name, first);
    if (found !== undefined) return found;
    const complaint = `is not ${what} within ${withinMs / 1000} s; its status was`;
    throw new Error(
      [`rollout ${namespace}/${name} ${complaint}`, ...(await this.#report(namespace, name, seen))].join(
        '\n  ',
      ),
    );
  }

  /**
   * Changes an annotation now and then while something is waited for, as something always changes where many work. Up to
   * 1.9 the controller puts back into its cache what it has just written, and so loses sight of a change that came in
   * between until the object changes again.
   */
  async touchWhile<T>(namespace: string, name: string, waited: Promise<T>): Promise<T> {
    const touching = setInterval(() => {
      const annotations = { 'example.com/touched': new Date().toISOString() };
      const patch = { method: 'PATCH', body: { metadata: { annotations } } } as const;
      // The next one may do it.
      this.#options.api.ask(pathOf(namespace, name), patch).catch(() => undefined);
    }, touchMs);
    return waited.finally(() => {
      clearInterval(touching);
    });
  }

  /** A new version of the pod template, told by an annotation. */
  async newVersion(namespace: string, name: string, version: string): Promise<void> {
    const annotations = { 'example.com/version': version };
    await this.#options.api.ask(pathOf(namespace, name), {
      method: 'PATCH',
      body: { spec: { template: { metadata: { annotations } } } },
    });
  }

  async #report(namespace: string, name: string, seen: readonly string[]): Promise<readonly string[]> {
    const { conditions } = await this.read(namespace, name);
    const runs = await this.#options.runs.read(namespace);
    const said = this.#options
      .controllerLog()
      .filter((line) => line.includes(namespace) && line.includes(name));
    return [
      ...seen.slice(-12),
      ...conditions.map(
        ({ type, status, reason, message }) => `condition ${type} ${status} ${reason}: ${message}`,
      ),
      ...runs.filter((run) => run.name.startsWith(`${name}-`)).flatMap(runLines),
      'the controller said last:',
      ...said.slice(-15),
    ];
  }
}

function pathOf(namespace: string, name: string): string {
  return `${argoPath}/namespaces/${namespace}/rollouts/${name}`;
}
