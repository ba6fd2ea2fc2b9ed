import { Draw } from '../../support/simulation/draw.js';

/** The models that every batch has lines of. */
export const batchModels = ['credit', 'fraud', 'search'] as const;

/**
 * Batches of predictions that can be told apart afterwards: each has a minute of its own, in which it counts the same
 * number of requests of each of three models, every one with an id.
 */
export class NumberedBatches {
  readonly #name: string;
  /** The minute before that of the first batch. */
  readonly #beforeMinute: number;

  /** `name`: the same name gives the same batches. `nowMs`: the batches are of the hours before. */
  constructor(name: string, nowMs: number) {
    this.#name = name;
    this.#beforeMinute = Math.floor(nowMs / 60_000) - 20_000;
  }

  /** How many requests of each model the batch with this number has; every tenth is a long piece of work. */
  size(number: number): number {
    const draw = new Draw(`${this.#name}/${number}`);
    return number % 10 === 0 ? draw.between(800, 1200) : draw.between(5, 60);
  }

  /** The body of the batch with this number; from 1. */
  body(number: number): string {
    const at = new Date(this.minute(number) * 60_000 + 1000).toISOString();
    const lines: string[] = [];
    for (let index = 0; index < this.size(number); index++) {
      for (const model of batchModels) {
        const prediction = (index % 97) / 97;
        lines.push(
          JSON.stringify({ model, version: 'v1', at, id: `${number}-${index}`, latencyMs: 20, prediction }),
        );
      }
    }
    return lines.join('\n');
  }

  minute(number: number): number {
    return this.#beforeMinute + number;
  }

  numberOf(minute: number): number {
    return minute - this.#beforeMinute;
  }
}
