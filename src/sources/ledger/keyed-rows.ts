import { joinKeyBytes, joinKeyText } from './join-key.js';

const rowsPerBlock = 4096;

interface Block {
  readonly keys: Uint8Array;
  readonly numbers: Float64Array;
}

/** One row: its join key as text and its numbers. */
export interface KeyedRow {
  readonly key: string;
  readonly numbers: readonly number[];
}

/**
 * A growing list of join keys, each with a few numbers, packed into blocks. A body may hold a million lines with
 * ids, all of which wait for one transaction: packed they take some 32 bytes each, as objects ten times that.
 */
export class KeyedRows {
  readonly #width: number;
  readonly #blocks: Block[] = [];
  #length = 0;

  /** `width`: how many numbers every row has. */
  constructor(width: number) {
    this.#width = width;
  }

  get length(): number {
    return this.#length;
  }

  push(key: Uint8Array, numbers: readonly number[]): void {
    const row = this.#length % rowsPerBlock;
    if (row === 0) {
      this.#blocks.push({
        keys: new Uint8Array(rowsPerBlock * joinKeyBytes),
        numbers: new Float64Array(rowsPerBlock * this.#width),
      });
    }
    const block = this.#blocks.at(-1);
    block?.keys.set(key, row * joinKeyBytes);
    block?.numbers.set(numbers, row * this.#width);
    this.#length++;
  }

  /** The rows in the order in which they were pushed, a bounded number at a time. */
  *chunks(size: number): Generator<readonly KeyedRow[]> {
    for (let start = 0; start < this.#length; start += size) {
      const rows: KeyedRow[] = [];
      for (let index = start; index < Math.min(start + size, this.#length); index++)
        rows.push(this.#row(index));
      yield rows;
    }
  }

  #row(index: number): KeyedRow {
    const block = this.#blocks[Math.floor(index / rowsPerBlock)];
    const row = index % rowsPerBlock;
    return {
      key: joinKeyText(
        block?.keys.subarray(row * joinKeyBytes, (row + 1) * joinKeyBytes) ?? new Uint8Array(),
      ),
      numbers: [...(block?.numbers.subarray(row * this.#width, (row + 1) * this.#width) ?? [])],
    };
  }
}
