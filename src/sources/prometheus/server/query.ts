/** What is asked of a server with the Prometheus query API, and what it answers. */

/** An expression, evaluated at every step from start to end, both included. Times in milliseconds since the epoch. */
export interface RangeQuery {
  readonly kind: 'range';
  readonly expression: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** An expression evaluated at one instant; a range selector answers the samples of that range as they were scraped. */
export interface InstantQuery {
  readonly kind: 'instant';
  readonly expression: string;
  readonly atMs: number;
}

export type Query = RangeQuery | InstantQuery;

/** One bucket of a native histogram: observations in it alone, not cumulative. */
export interface NativeBucket {
  readonly lower: number;
  /** Included in the bucket, as in Prometheus's `le`. */
  readonly upper: number;
  readonly count: number;
}

/** A native histogram as it was at one time. */
export interface NativeHistogram {
  readonly count: number;
  readonly sum: number;
  /** Ascending; the empty ones are left out. */
  readonly buckets: readonly NativeBucket[];
}

/** The samples of one series, ascending in time, without those that mark its end (stale) or are no numbers. */
export interface QuerySeries {
  /** With `__name__` where the server tells it. */
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly timesMs: readonly number[];
  /** Of the same length as `timesMs`; a series has either of the two kinds of values. */
  readonly values: readonly number[] | readonly NativeHistogram[];
  /** Two samples in succession were no numbers: not the mark of its end, which stands alone. Then it may have no others. */
  readonly showsNoNumbers?: true;
}

/** What came of a query. Expected failures are answers; none of them tells secrets or what else a server wrote. */
export type QueryAnswer =
  | {
      readonly kind: 'series';
      readonly series: readonly QuerySeries[];
      readonly bytes: number;
      readonly elapsedMs: number;
      /** What time it is by the clock of the server, where it says so: milliseconds since the epoch. */
      readonly serverMs?: number;
    }
  /** `partial`: the server answered, and said itself that something is missing; never to be counted. */
  | { readonly kind: 'unavailable' | 'partial'; readonly reason: string };

/** A server that can be asked. */
export interface QueryServer {
  /** As the config names it. */
  readonly name: string;
  /** Never throws for what can be expected of a network; ends with the signal at the latest. */
  query(query: Query, signal: AbortSignal): Promise<QueryAnswer>;
}
