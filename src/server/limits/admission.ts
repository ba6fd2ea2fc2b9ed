/** What requests are counted as while they are answered: each kind has a limit of its own. */
export const requestPools = ['verdicts', 'ingest', 'reads'] as const;

export type RequestPool = (typeof requestPools)[number];

/** Counts the requests of each kind that are being answered, and says whether one more may be. */
export class Admission {
  readonly #underWay: Record<RequestPool, number> = { verdicts: 0, ingest: 0, reads: 0 };

  /** Takes a place, to be given back once by calling the answer; undefined where all `limit` places are taken. */
  enter(pool: RequestPool, limit: number): (() => void) | undefined {
    if (this.#underWay[pool] >= limit) return undefined;
    this.#underWay[pool]++;
    return () => {
      this.#underWay[pool]--;
    };
  }
}
