/** Everything that can come of asking a server. */
export const queryOutcomes = [
  'answered',
  /** It says itself that something is missing. */
  'partial',
  /** It was asked no longer: the caller gave up. */
  'aborted',
  /** It took longer than its own `timeout`. */
  'timeout',
  /** No connection, or one that broke. */
  'unreachable',
  /** The credentials are refused, or cannot be had. */
  'denied',
  /** It refuses the query, or is none that can be queried there. */
  'rejected',
  /** It failed, or answered what nobody can read. */
  'failed',
  /** More series or bytes than are taken. */
  'too-large',
  /** Not sent: too many queries are under way. */
  'overloaded',
  /** Not sent: the breaker is open. */
  'broken',
] as const;

export type QueryOutcome = (typeof queryOutcomes)[number];

/** `open`: nothing is asked; `half-open`: one query tries whether the server is back. */
export type BreakerState = 'closed' | 'half-open' | 'open';

/** Is told what a server is asked and what came of it. What it does must not fail. */
export interface ServerObserver {
  onQuery?(query: {
    readonly server: string;
    readonly outcome: QueryOutcome;
    /** From the moment the query was let through to the end of its answer; 0 for one that was not sent. */
    readonly elapsedMs: number;
    /** Of the body of the answer. */
    readonly bytes: number;
  }): void;
  onBreaker?(server: string, state: BreakerState): void;
}
