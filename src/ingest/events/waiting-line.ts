/** Things that wait for their turn, first come first served. */
export class WaitingLine<T> {
  #things: (T | undefined)[] = [];
  #next = 0;

  get length(): number {
    return this.#things.length - this.#next;
  }

  push(thing: T): void {
    this.#things.push(thing);
  }

  /** The first, which waits no more; undefined where nothing waits. */
  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const thing = this.#things[this.#next];
    this.#things[this.#next++] = undefined;
    if (this.#next === this.#things.length) {
      this.#things = [];
      this.#next = 0;
    } else if (this.#next >= 1024 && this.#next * 2 >= this.#things.length) {
      this.#things = this.#things.slice(this.#next);
      this.#next = 0;
    }
    return thing;
  }
}
