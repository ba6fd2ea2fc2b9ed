/** What requests are counted as while they are answered: each kind has a limit of its own. */
export type RequestPool = 'verdicts' | 'ingest' | 'reads';

/** Of the places of a kind so many may be taken by one caller: whoever holds its requests open shuts out nobody else. */
const shareOfOneCaller = 0.75;

/** Why a request is not let in. */
export type Refused = 'all-taken' | 'taken-by-caller';

/** The requests of one kind that are being answered, in all and by caller. */
interface Pool {
  total: number;
  readonly byCaller: Map<string, number>;
}

/** Counts the requests of each kind that are being answered, and says whether one more may be. */
export class Admission {
  readonly #pools: Readonly<Record<RequestPool, Pool>> = {
    verdicts: { total: 0, byCaller: new Map() },
    ingest: { total: 0, byCaller: new Map() },
    reads: { total: 0, byCaller: new Map() },
  };

  /** Takes a place for a caller, to be given back once by calling the answer; else says why there is none. */
  enter(kind: RequestPool, limit: number, caller: string): (() => void) | Refused {
    const pool = this.#pools[kind];
    const own = pool.byCaller.get(caller) ?? 0;
    if (pool.total >= limit) return 'all-taken';
    if (own >= Math.ceil(limit * shareOfOneCaller)) return 'taken-by-caller';
    pool.total++;
    pool.byCaller.set(caller, own + 1);
    return () => {
      pool.total--;
      const left = (pool.byCaller.get(caller) ?? 1) - 1;
      if (left > 0) pool.byCaller.set(caller, left);
      else pool.byCaller.delete(caller);
    };
  }
}
