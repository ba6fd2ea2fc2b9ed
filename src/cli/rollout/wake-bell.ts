/** Wakes whoever waits: what rings while nobody does is heard by the next. */
export class WakeBell {
  #ring: (() => void) | undefined;
  #hasRung = false;

  ring(): void {
    this.#hasRung = true;
    this.#ring?.();
  }

  /** Resolves with the next ring, or at once where there was one since the last wait. */
  next(): Promise<void> {
    if (this.#hasRung) {
      this.#hasRung = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#ring = () => {
        this.#hasRung = false;
        this.#ring = undefined;
        resolve();
      };
    });
  }
}
