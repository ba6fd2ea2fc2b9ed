/** Which of what is ingested is offered as metrics, and how finely. */
export interface IngestedSettings {
  readonly enabled: boolean;
  readonly isWanted: (namespace: string, model: string) => boolean;
  /** How many series there may be, of all metrics together. */
  readonly maxSeries: number;
  /** How many labels of an output are told apart. */
  readonly maxLabels: number;
  /** How long the series of a version stay after its last counts. */
  readonly staleAfterMs: number;
  /** Bounds of request times in seconds, ascending, all of them bounds of the ledger. */
  readonly latencyBuckets: readonly number[];
  /** Bounds of the scores of an output, ascending, all of them edges of the ledger's grid. */
  readonly scoreBuckets: (namespace: string, model: string, output: string) => readonly number[];
}
