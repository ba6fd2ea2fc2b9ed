interface Entry {
  readonly key: string;
  readonly atMs: number;
}

/** When each of many is to be woken next: a heap, in which what was replaced is left until it comes up. */
export class WakeTimes {
  readonly #heap: Entry[] = [];
  readonly #times = new Map<string, number>();

  /** The soonest time; undefined: none. */
  get soonestMs(): number | undefined {
    this.#dropReplaced();
    return this.#heap[0]?.atMs;
  }

  get size(): number {
    return this.#times.size;
  }

  timeOf(key: string): number | undefined {
    return this.#times.get(key);
  }

  /** In place of the time that it had. */
  set(key: string, atMs: number): void {
    if (this.#times.get(key) === atMs) return;
    this.#times.set(key, atMs);
    this.#push({ key, atMs });
  }

  delete(key: string): void {
    this.#times.delete(key);
  }

  /** Takes out all whose time has come, the soonest first. */
  takeDue(nowMs: number): readonly string[] {
    const due: string[] = [];
    for (;;) {
      this.#dropReplaced();
      const first = this.#heap[0];
      if (first === undefined || first.atMs > nowMs) return due;
      this.#pop();
      this.#times.delete(first.key);
      due.push(first.key);
    }
  }

  #dropReplaced(): void {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (this.#times.get(first.key) === first.atMs) return;
      this.#pop();
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt];
      if (parent === undefined || parent.atMs <= entry.atMs) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      const isOther = one !== undefined && other !== undefined && other.atMs < one.atMs;
      const child = isOther ? other : one;
      if (child === undefined || child.atMs >= last.atMs) break;
      heap[at] = child;
      at = isOther ? left + 1 : left;
    }
    heap[at] = last;
  }
}
