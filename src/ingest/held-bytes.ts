const smallest = 1024;

/**
 * The bytes of a line that has not ended yet. They are copied: a client may send a line byte by byte, and each piece
 * would hold more than its byte.
 */
export class HeldBytes {
  #bytes = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What is held, to be read before anything is added. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  add(piece: Buffer): void {
    const length = this.#length + piece.length;
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(smallest, length, 2 * this.#bytes.length));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    piece.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  /** What is held with a last piece behind it; nothing is held then. */
  take(last: Buffer): Buffer {
    const whole = this.#length === 0 ? last : Buffer.concat([this.bytes, last]);
    this.#length = 0;
    return whole;
  }

  drop(): void {
    this.#length = 0;
  }
}
