/**
 * All differences between points of two growing samples, in ascending order. A new pair of points costs one merge, so
 * that a series can be judged after every minute.
 */
export class SortedDifferences {
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  #sorted = new Float64Array(0);

  get left(): readonly number[] {
    return this.#left;
  }

  get right(): readonly number[] {
    return this.#right;
  }

  /** Every left point less every right point. */
  get values(): Float64Array {
    return this.#sorted;
  }

  /** Adds a point to either sample or to both. */
  add(left: number | undefined, right: number | undefined): void {
    const added: number[] = [];
    if (left !== undefined) {
      for (const other of this.#right) added.push(left - other);
      this.#left.push(left);
    }
    if (right !== undefined) {
      for (const other of this.#left) added.push(other - right);
      this.#right.push(right);
    }
    this.#merge(added);
  }

  #merge(added: readonly number[]): void {
    const fresh = Float64Array.from(added).sort();
    const old = this.#sorted;
    const merged = new Float64Array(old.length + fresh.length);
    let fromOld = 0;
    let fromFresh = 0;
    for (let i = 0; i < merged.length; i++) {
      const next = old[fromOld] ?? Infinity;
      const other = fresh[fromFresh] ?? Infinity;
      if (fromOld < old.length && next <= other) {
        merged[i] = next;
        fromOld += 1;
      } else {
        merged[i] = other;
        fromFresh += 1;
      }
    }
    this.#sorted = merged;
  }
}
