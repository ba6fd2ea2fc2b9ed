/** Bytes of JSON. */
const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;

/** So much of the text before an array is looked at for its key. */
const keyLength = 64;

/**
 * Takes the objects of one long array out of a JSON text while it arrives, so that each can be read and forgotten before the
 * next one is there, and no answer, however long, holds up the process. What is left, with a 0 in the place of every object,
 * is JSON exactly if the whole text is, and is small.
 */
export class ArraySplitter {
  readonly #path: readonly string[];
  readonly #rest: Buffer[] = [];
  /** The beginning of the object that goes on in the next piece. */
  #object: Buffer[] = [];
  #depth = 0;
  /** How many keys of the path are open. */
  #matched = 0;
  #isInString = false;
  /** How much of the next piece belongs to an escape that began in the last one. */
  #skip = 0;
  #isInArray = false;
  #isInObject = false;

  /** @param path the keys, from the root, of the array whose objects are taken out */
  constructor(path: readonly string[]) {
    this.#path = path;
  }

  /** Takes the next piece of the text; `onObject` gets every object that is complete with it. */
  push(chunk: Buffer, onObject: (object: Buffer) => void): void {
    const arrayDepth = this.#path.length + 1;
    let depth = this.#depth;
    let begin = 0;
    let index = this.#isInString ? this.#endOfString(chunk, this.#skip) : this.#skip;
    while (index < chunk.length) {
      const byte = chunk[index] ?? 0;
      if (byte === quote) {
        index = this.#endOfString(chunk, index + 1);
        continue;
      }
      // Braces and brackets differ in one bit.
      if ((byte | 0x20) === openBrace) {
        if (!this.#isInArray) {
          this.#enter(byte, depth, chunk.subarray(begin, index));
        } else if (depth === arrayDepth && byte === openBrace) {
          this.#rest.push(chunk.subarray(begin, index));
          begin = index;
          this.#isInObject = true;
        }
        depth += 1;
      } else if ((byte | 0x20) === closeBrace) {
        depth -= 1;
        if (depth === arrayDepth && this.#isInObject) {
          const last = chunk.subarray(begin, index + 1);
          onObject(this.#object.length === 0 ? last : Buffer.concat([...this.#object, last]));
          this.#object = [];
          this.#rest.push(placeholder);
          this.#isInObject = false;
          begin = index + 1;
        } else if (depth < arrayDepth) {
          this.#leave(depth);
        }
      }
      index += 1;
    }
    this.#skip = index - chunk.length;
    this.#depth = depth;
    (this.#isInObject ? this.#object : this.#rest).push(chunk.subarray(begin));
  }

  /** What the text is without those objects; undefined if it broke off inside one. */
  rest(): string | undefined {
    return this.#isInObject ? undefined : Buffer.concat(this.#rest).toString('utf8');
  }

  /** Whether something that was opened has not been closed, or nothing came at all. */
  get isOpen(): boolean {
    return this.#depth > 0 || this.#isInString || this.#rest.every((piece) => piece.length === 0);
  }

  /** The index behind the quote that ends a text, or behind the piece where the text goes on in the next one. */
  #endOfString(chunk: Buffer, from: number): number {
    let index = from;
    while (index < chunk.length) {
      const byte = chunk[index];
      index += 1;
      if (byte === quote) {
        this.#isInString = false;
        return index;
      }
      if (byte === backslash) index += 1;
    }
    this.#isInString = true;
    return index;
  }

  /** Something closes that is not in the array. */
  #leave(depth: number): void {
    this.#isInArray = false;
    this.#matched = Math.min(this.#matched, Math.max(0, depth - 1));
  }

  /** Something opens outside the array: perhaps the next key of the path has it. */
  #enter(byte: number, depth: number, before: Buffer): void {
    if (depth === 0 || depth >= this.#path.length + 1 || this.#matched !== depth - 1) return;
    if (this.#keyBefore(before) !== this.#path[depth - 1]) return;
    this.#matched = depth;
    this.#isInArray = byte === openBracket && depth === this.#path.length;
  }

  #keyBefore(before: Buffer): string | undefined {
    let text = before.subarray(-keyLength).toString('latin1');
    for (let index = this.#rest.length - 1; index >= 0 && text.length < keyLength; index--) {
      text = `${this.#rest[index]?.subarray(-keyLength).toString('latin1') ?? ''}${text}`;
    }
    return /(?<!\\)"([^"\\]*)"\s*:\s*$/.exec(text)?.[1];
  }
}

const placeholder = Buffer.from('0');
