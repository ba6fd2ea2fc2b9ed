/** A line that was not counted, and why. */
export interface Refusal {
  /** From 1; in a JSON array the position of the element. */
  readonly line: number;
  /** Which field; empty where the line as a whole is meant. */
  readonly field: string;
  readonly reason: string;
}

/** The refused lines of one body. Beyond a limit they are only counted: an answer must not outgrow its question. */
export class Refusals {
  readonly #limit: number;
  readonly #named: Refusal[] = [];
  #total = 0;
  #firstUnnamed = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get total(): number {
    return this.#total;
  }

  add(refusal: Refusal): void {
    this.#total++;
    if (this.#named.length < this.#limit) this.#named.push(refusal);
    else if (this.#firstUnnamed === 0) this.#firstUnnamed = refusal.line;
  }

  /** The refused lines in order; where there were too many, the last entry says how many more. */
  list(): readonly Refusal[] {
    const more = this.#total - this.#named.length;
    if (more === 0) return this.#named;
    const reason = `this line and ${more - 1} more after it were refused as well`;
    return [
      ...this.#named,
      { line: this.#firstUnnamed, field: '', reason: more === 1 ? 'this line was refused as well' : reason },
    ];
  }
}
