import { performance } from 'node:perf_hooks';
import type { Ending, Scenario } from './scenario.js';
import type { StageParts } from './stage.js';

export interface Played {
  readonly ending: Ending;
  readonly seconds: number;
}

/** Plays scenarios beside each other, so many at a time; those that others would notice when all others are over. */
export class PlayedScenarios {
  readonly #results = new Map<string, Promise<Played>>();

  constructor(scenarios: readonly Scenario[], parts: StageParts, atATime: number) {
    const waiting: (() => void)[] = [];
    let playing = 0;
    const inTurn = async (scenario: Scenario): Promise<Played> => {
      if (playing >= atATime) await new Promise<void>((resolve) => waiting.push(resolve));
      playing++;
      try {
        return await played(scenario, parts);
      } finally {
        playing--;
        waiting.shift()?.();
      }
    };
    for (const scenario of scenarios.filter(({ isAlone }) => isAlone !== true)) {
      this.#keep(scenario, inTurn(scenario));
    }
    const others = Promise.allSettled(this.#results.values());
    for (const scenario of scenarios.filter(({ isAlone }) => isAlone === true)) {
      this.#keep(
        scenario,
        others.then(() => played(scenario, parts)),
      );
    }
  }

  /** Fails where the scenario did. */
  of({ name }: Scenario): Promise<Played> {
    return this.#results.get(name) ?? Promise.reject(new Error(`there is no scenario "${name}"`));
  }

  /** Resolves when all are over, however they ended. */
  async over(): Promise<void> {
    await Promise.allSettled(this.#results.values());
  }

  #keep({ name }: Scenario, result: Promise<Played>): void {
    // Whoever asks for it is told of its failure.
    result.catch(() => undefined);
    this.#results.set(name, result);
  }
}

async function played({ play }: Scenario, parts: StageParts): Promise<Played> {
  const sinceMs = performance.now();
  const ending = await play(parts);
  return { ending, seconds: (performance.now() - sinceMs) / 1000 };
}
