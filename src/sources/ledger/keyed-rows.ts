import { joinKeyBytes, joinKeyText } from './join-key.js';

/** Rows of the first block, of which every model of a body has one; each further one is twice as large. */
const firstBlockRows = 16;
const largestBlockRows = 4096;

/** What a block takes beside its rows. */
const blockBytes = 400;

interface Block {
  /** The number of its first row. */
  readonly start: number;
  readonly rows: number;
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

  /** The memory that the rows take, those that are still to come included. */
  get bytes(): number {
    return this.#blocks.reduce((sum, { keys, numbers }) => sum + keys.byteLength + numbers.byteLength, 0);
  }

  /** Adds a row; answers the bytes of memory that were taken for it and for those to come. */
  push(key: Uint8Array, numbers: readonly number[]): number {
    const last = this.#blocks.at(-1);
    const isRoom = last !== undefined && this.#length < last.start + last.rows;
    const block = isRoom ? last : this.#grow(last);
    const row = this.#length - block.start;
    block.keys.set(key, row * joinKeyBytes);
    block.numbers.set(numbers, row * this.#width);
    this.#length++;
    return isRoom ? 0 : block.keys.byteLength + block.numbers.byteLength + blockBytes;
  }

  /** The rows in the order in which they were pushed, a bounded number at a time. */
  *chunks(size: number): Generator<readonly KeyedRow[]> {
    let rows: KeyedRow[] = [];
    for (const row of this.#rows()) {
      rows.push(row);
      if (rows.length < size) continue;
      yield rows;
      rows = [];
    }
    if (rows.length > 0) yield rows;
  }

  #grow(last: Block | undefined): Block {
    const rows = last === undefined ? firstBlockRows : Math.min(last.rows * 2, largestBlockRows);
    const block = {
      start: this.#length,
      rows,
      keys: new Uint8Array(rows * joinKeyBytes),
      numbers: new Float64Array(rows * this.#width),
    };
    this.#blocks.push(block);
    return block;
  }

  *#rows(): Generator<KeyedRow> {
    for (const { start, rows, keys, numbers } of this.#blocks) {
      for (let row = 0; row < Math.min(rows, this.#length - start); row++) {
        yield {
          key: joinKeyText(keys.subarray(row * joinKeyBytes, (row + 1) * joinKeyBytes)),
          numbers: [...numbers.subarray(row * this.#width, (row + 1) * this.#width)],
        };
      }
    }
  }
}
