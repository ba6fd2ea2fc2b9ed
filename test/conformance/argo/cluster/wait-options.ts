/** A wait for something that an object of a cluster shall say. */
export interface WaitOptions {
  readonly withinMs: number;
  /** For the message, e.g. `aborted`. */
  readonly what: string;
}
