/** Names in the order in which they first came, each with its position: rows refer to them by number. */
export class NumberedNames {
  readonly #positions = new Map<string, number>();

  get size(): number {
    return this.#positions.size;
  }

  /** The position of a name, which is added where it is new. */
  positionOf(name: string): number {
    const known = this.#positions.get(name);
    if (known !== undefined) return known;
    const position = this.#positions.size;
    this.#positions.set(name, position);
    return position;
  }

  /** The names by position. */
  list(): readonly string[] {
    return [...this.#positions.keys()];
  }
}
