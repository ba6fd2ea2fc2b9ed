/** Writes messages of Protocol Buffers: as much of the wire format as remote write needs. */
export class MessageWriter {
  #bytes = Buffer.alloc(1024);
  #length = 0;

  /** A message or a text as a field. */
  bytes(field: number, value: Uint8Array | string): this {
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    this.#key(field, 2);
    this.#varint(BigInt(bytes.length));
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** A `double`, given by its bits where not every bit pattern of NaN is the same. */
  double(field: number, value: number | bigint): this {
    this.#key(field, 1);
    this.#room(8);
    if (typeof value === 'bigint') this.#bytes.writeBigUInt64LE(value, this.#length);
    else this.#bytes.writeDoubleLE(value, this.#length);
    this.#length += 8;
    return this;
  }

  /** An `int64` or `uint64`. */
  integer(field: number, value: number): this {
    this.#key(field, 0);
    this.#varint(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  /** A `sint32` or `sint64`. */
  signed(field: number, value: number): this {
    this.#key(field, 0);
    this.#zigzag(value);
    return this;
  }

  /** A list of `sint64` in one field. */
  packedSigned(field: number, values: readonly number[]): this {
    const packed = new MessageWriter();
    for (const value of values) packed.#zigzag(value);
    return this.bytes(field, packed.finish());
  }

  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #key(field: number, wireType: number): void {
    this.#varint(BigInt((field << 3) | wireType));
  }

  #zigzag(value: number): void {
    this.#varint(BigInt(value < 0 ? -2 * value - 1 : 2 * value));
  }

  #varint(value: bigint): void {
    this.#room(10);
    let rest = value;
    for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
    this.#bytes[this.#length++] = Number(rest);
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(2 * this.#bytes.length, this.#length + bytes));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
