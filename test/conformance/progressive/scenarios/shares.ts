/** The canary's share of the traffic over time, as the platform told it; times by the fast clock. */
export class Shares {
  readonly #told: { readonly percent: number; readonly atMs: number }[] = [];

  /** Takes down a share, where it is not the one before. */
  note(percent: number, atMs: number): void {
    if (this.#told.at(-1)?.percent !== percent) this.#told.push({ percent, atMs });
  }

  /** The different shares, oldest first, from the first that was any. */
  get percents(): readonly number[] {
    const first = this.#told.findIndex(({ percent }) => percent > 0);
    return first === -1 ? [] : this.#told.slice(first).map(({ percent }) => percent);
  }

  /** When the canary first had so much or more; undefined: never. */
  reachedAtMs(percent: number): number | undefined {
    return this.#told.find((one) => one.percent >= percent)?.atMs;
  }

  /** When it had nothing any more, for the last time; undefined: it still has. */
  get endedAtMs(): number | undefined {
    const last = this.#told.at(-1);
    return last?.percent === 0 && this.#told.length > 1 ? last.atMs : undefined;
  }
}
