/** What requests are counted as while they are answered: each kind has a limit of its own. */
export const requestPools = ['verdicts', 'ingest', 'reads'] as const;

export type RequestPool = (typeof requestPools)[number];

/** Of the places of a kind so many may be taken by one caller: whoever holds its requests open shuts out nobody else. */
const shareOfOneCaller = 0.75;

/** Why a request is not let in. */
export type Refused = 'all-taken' | 'taken-by-caller';

/** Counts the requests of each kind that are being answered, and says whether one more may be. */
export class Admission {
  readonly #pools: Readonly<Record<RequestPool, Map<string, number>>> = {
    verdicts: new Map(),
    ingest: new Map(),
    reads: new Map(),
  };
  readonly #underWay: Record<RequestPool, number> = { verdicts: 0, ingest: 0, reads: 0 };

  /** Takes a place for a caller, to be given back once by calling the answer; else says why there is none. */
  enter(pool: RequestPool, limit: number, caller: string): (() => void) | Refused {
    const callers = this.#pools[pool];
    const own = callers.get(caller) ?? 0;
    if (this.#underWay[pool] >= limit) return 'all-taken';
    if (own >= Math.ceil(limit * shareOfOneCaller)) return 'taken-by-caller';
    this.#underWay[pool]++;
    callers.set(caller, own + 1);
    return () => {
      this.#underWay[pool]--;
      const left = (callers.get(caller) ?? 1) - 1;
      if (left > 0) callers.set(caller, left);
      else callers.delete(caller);
    };
  }
}
