/** Times of the client that no setting changes, in milliseconds. */
export interface ServerTimes {
  /** For so long nothing is asked of a server that failed again and again. */
  readonly openMs: number;
  /** How long to wait before asking once more after a failure that may pass. */
  readonly retryMs: number;
  /** A server that wants a longer pause than this before it is asked again is not asked again. */
  readonly longestRetryMs: number;
  /** Files of secrets and certificates are looked at again after this. */
  readonly fileAgeMs: number;
  /** A connection that nobody uses is closed after this, before something on the way forgets it. */
  readonly idleMs: number;
  /** A token is renewed this long before it expires, or after nine tenths of its life if that is later. */
  readonly tokenEarlyMs: number;
  /** The life of a token whose issuer tells none. */
  readonly tokenLifeMs: number;
  /** An issuer of tokens that refused, or whose new token was refused, is not asked again before this. */
  readonly tokenPauseMs: number;
}

export const defaultServerTimes: ServerTimes = {
  openMs: 5000,
  retryMs: 100,
  longestRetryMs: 2000,
  fileAgeMs: 1000,
  idleMs: 55_000,
  tokenEarlyMs: 30_000,
  tokenLifeMs: 300_000,
  tokenPauseMs: 2000,
};
