/** What the load process is told. */
export interface LoadOrder {
  readonly url: string;
  readonly seconds: number;
  /** At the beginning of them: what is sent then is not measured with the rest. */
  readonly warmUpSeconds: number;
  /** Models with a past, of which nothing more arrives. */
  readonly quietModels: readonly string[];
  /** Models with a past, of which predictions arrive all the time. */
  readonly liveModels: readonly string[];
}
