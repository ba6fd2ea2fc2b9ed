/** Who gets which part of the traffic. */
export interface Split {
  readonly stable: string;
  readonly canary: string | undefined;
  readonly percent: number;
}

/** What serves a model in a namespace, in the words of the scenarios. */
export interface Platform {
  /** As the platform tells it now; undefined while it cannot be told. */
  split(): Split | undefined;
  /** Tells of every change; the answer ends that. */
  onSplit(listener: (split: Split) => void): () => void;
  /** The part of a ModelRollout that says what is driven. */
  readonly rolloutSpec: Readonly<Record<string, unknown>>;
}
