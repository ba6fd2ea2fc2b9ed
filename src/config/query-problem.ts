/** Whose queries are resolved. */
export interface ModelName {
  readonly namespace: string;
  readonly model: string;
}

/** Why a model cannot be read. */
export interface QueryProblem {
  /** The setting that is wrong, below `prometheus`; empty: something is missing there. */
  readonly path: readonly string[];
  readonly message: string;
  /** A more special entry may bring what is missing. */
  readonly isIncomplete: boolean;
}
