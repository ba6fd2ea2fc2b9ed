import { z } from 'zod';
import { readAnalysisRunState, type AnalysisRunState } from './analysis-run-state.js';
import type { ApiClient } from './api-client.js';
import { argoPath } from './argo-path.js';

import { runLines } from './state-lines.js';
import type { WaitOptions } from './wait-options.js';
import { Watched } from './watched.js';

const itemList = z.object({ items: z.array(z.unknown()) });

/** The AnalysisRuns of a cluster. */
export class AnalysisRuns {
  readonly #api: ApiClient;
  readonly #watched: Watched<AnalysisRunState>;

  private constructor(api: ApiClient, watched: Watched<AnalysisRunState>) {
    this.#api = api;
    this.#watched = watched;
  }

  static async start(api: ApiClient): Promise<AnalysisRuns> {
    const path = `${argoPath}/analysisruns`;
    return new AnalysisRuns(api, await Watched.start({ api, path, read: readAnalysisRunState }));
  }

  stop(): void {
    this.#watched.stop();
  }

  /** Those of a namespace as the server has them now, oldest first. */
  async read(namespace: string): Promise<readonly AnalysisRunState[]> {
    const list = await this.#api.ask(`${argoPath}/namespaces/${namespace}/analysisruns`);
    return oldestFirst(itemList.parse(list).items.map(readAnalysisRunState));
  }

  /** Those of a namespace as the server last told: costs nothing, and is behind by some milliseconds. */
  now(namespace: string): readonly AnalysisRunState[] {
    return oldestFirst(this.#watched.in(namespace));
  }

  /**
   * Waits for a run of a namespace that is as wanted, also if only for a moment.
   * @throws Error with the runs that are there
   */
  async waitFor(
    namespace: string,
    isIt: (run: AnalysisRunState) => boolean,
    { withinMs, what }: WaitOptions,
  ): Promise<AnalysisRunState> {
    const found = await this.#watched.first((run) => run.namespace === namespace && isIt(run), withinMs);
    if (found !== undefined) return found;
    const complaint = `${namespace} has no analysis run that is ${what} within ${withinMs / 1000} s, but`;
    throw new Error([complaint, ...(await this.read(namespace)).flatMap(runLines)].join('\n  '));
  }
}

/** Of the same second, by name. */
function oldestFirst(runs: readonly AnalysisRunState[]): readonly AnalysisRunState[] {
  const order = ({ createdAt, name }: AnalysisRunState) => `${createdAt} ${name}`;
  return [...runs].sort((one, other) => order(one).localeCompare(order(other)));
}
