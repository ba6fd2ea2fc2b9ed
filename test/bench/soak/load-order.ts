/** What the load process is told. */
export interface LoadOrder {
  readonly url: string;
  readonly seconds: number;
  /** Models with a past, of which nothing more arrives. */
  readonly quietModels: readonly string[];
  /** Models with a past, of which predictions arrive all the time. */
  readonly liveModels: readonly string[];
}
