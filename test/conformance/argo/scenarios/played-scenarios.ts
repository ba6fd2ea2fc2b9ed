import { performance } from 'node:perf_hooks';

/** Something that is played with parts of a rig, and ends somehow. */
export interface Playable<Parts, Ending> {
  readonly name: string;
  readonly play: (parts: Parts) => Promise<Ending>;
  /** Whether others would notice it: it is played once all others are over. */
  readonly isAlone?: true;
}

export interface Played<Ending> {
  readonly ending: Ending;
  readonly seconds: number;
}

/** Plays scenarios beside each other, so many at a time; those that others would notice when all others are over. */
export class PlayedScenarios<Parts, Ending> {
  readonly #results = new Map<string, Promise<Played<Ending>>>();

  constructor(scenarios: readonly Playable<Parts, Ending>[], parts: Parts, atATime: number) {
    const waiting: (() => void)[] = [];
    let playing = 0;
    const inTurn = async (scenario: Playable<Parts, Ending>): Promise<Played<Ending>> => {
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
  of({ name }: { readonly name: string }): Promise<Played<Ending>> {
    return this.#results.get(name) ?? Promise.reject(new Error(`there is no scenario "${name}"`));
  }

  /** Resolves when all are over, however they ended. */
  async over(): Promise<void> {
    await Promise.allSettled(this.#results.values());
  }

  #keep({ name }: { readonly name: string }, result: Promise<Played<Ending>>): void {
    // Whoever asks for it is told of its failure.
    result.catch(() => undefined);
    this.#results.set(name, result);
  }
}

async function played<Parts, Ending>(
  { play }: Playable<Parts, Ending>,
  parts: Parts,
): Promise<Played<Ending>> {
  const sinceMs = performance.now();
  const ending = await play(parts);
  return { ending, seconds: (performance.now() - sinceMs) / 1000 };
}
