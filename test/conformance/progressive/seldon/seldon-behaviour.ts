/** How the stand-in for Seldon's operators behaves in one namespace. Times are real milliseconds. */
export interface SeldonBehaviour {
  /** So long it takes until a change of traffic is in the routes; absent: as good as none. */
  readonly routesAfterMs?: number | 'never';
  /** Names of predictors, or of candidates, whose pods do not become ready. */
  readonly unready?: readonly string[];
}
