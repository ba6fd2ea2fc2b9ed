import type { Batch } from './persistent-sender.js';
import type { PlayedRequest } from './version-player.js';
import { tallyOf, type VersionTally } from './version-tally.js';

/** The lines of one slice of a look, as applications send them: newline-delimited JSON. */
export class SliceBodies {
  readonly #opening: string;
  readonly #predictions: string[] = [];
  readonly #outcomes: string[] = [];
  readonly #tallies = new Map<string, VersionTally>();

  constructor(namespace: string, model: string) {
    this.#opening = `{"namespace":${JSON.stringify(namespace)},"model":${JSON.stringify(model)},"version":`;
  }

  add(version: string, atMs: number, { latencyMs, score, outcome }: PlayedRequest): void {
    const tally = tallyOf(this.#tallies, version);
    const opening = `${this.#opening}"${version}","at":"${new Date(atMs).toISOString()}"`;
    const answer = score === undefined ? '"status":500' : `"status":200,"prediction":${score}`;
    this.#predictions.push(`${opening},${answer},"latencyMs":${latencyMs}}`);
    tally.requests++;
    if (score === undefined) tally.errors++;
    if (outcome === undefined) return;
    this.#outcomes.push(`${opening},"value":${outcome.toFixed(4)}}`);
    tally.outcomes++;
  }

  /** What is to be sent; once it is counted, the tallies grow by it. */
  batches(key: string, counted: Map<string, VersionTally>): readonly Batch[] {
    const count = (fields: readonly (keyof VersionTally)[]) => () => {
      for (const [version, tally] of this.#tallies) {
        const total = tallyOf(counted, version);
        for (const field of fields) total[field] += tally[field];
      }
    };
    const batches: readonly Batch[] = [
      {
        route: '/v1/predictions',
        key: `${key}/predictions`,
        body: this.#predictions.join('\n'),
        lines: this.#predictions.length,
        onCounted: count(['requests', 'errors']),
      },
      {
        route: '/v1/outcomes',
        key: `${key}/outcomes`,
        body: this.#outcomes.join('\n'),
        lines: this.#outcomes.length,
        onCounted: count(['outcomes']),
      },
    ];
    return batches.filter(({ lines }) => lines > 0);
  }
}
