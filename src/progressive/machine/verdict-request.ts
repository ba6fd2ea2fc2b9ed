/** A share that the canary had from an instant on. */
export interface WeightSince {
  readonly percent: number;
  readonly fromMs: number;
}

/** What the judge is asked about a canary at a stage. */
export interface VerdictRequest {
  /** Which stage, under which demands, of which attempt: a promote counts only for the stage it was asked for. */
  readonly key: string;
  readonly attempt: number;
  readonly canary: string;
  readonly stable: string;
  /** The looks that begin at or after `fromMs` and end by `toMs`, both on whole looks. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The shares that the canary had, oldest first: the stages of the looks. */
  readonly weights: readonly WeightSince[];
  readonly policy: string;
  /**
   * How long after each change of weight looks are left out of the evidence; null: none is, also not by the policy's own
   * warm-up, since the looks asked for begin later than that.
   */
  readonly leftOutSeconds: number | null;
  readonly confidence: number | null;
  readonly proxyIfUndecided: 'hold' | 'pass' | 'bounded' | null;
}
