/**
 * Says of one event after the other whether it belongs to a share of them, spread evenly: of any n events so many as
 * n times the share, give or take one. What is left to chance would now and then be another share, and a verdict on it
 * another verdict.
 */
export class EvenShare {
  #carried: number;

  /** `carried`: 0 to 1, how much of the first event there is already. */
  constructor(carried: number) {
    this.#carried = carried;
  }

  /** Whether the next event belongs to it; the share may be another one each time. */
  takes(share: number): boolean {
    this.#carried += share;
    if (this.#carried < 1) return false;
    this.#carried -= 1;
    return true;
  }
}
