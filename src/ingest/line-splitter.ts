import { isUtf8 } from 'node:buffer';
import type { BodyItem } from './body-item.js';
import { HeldBytes } from './held-bytes.js';
import type { IngestLimits } from './ingest-limits.js';
import { tooLongLine, tooManyLines } from './line-limits.js';

const newline = 0x0a;
const replacement = '\ufffd';
const blank = /^[\t\r ]*$/;

/**
 * Cuts a body into lines and parses each as JSON, wherever the pieces end: within a line, or within a character.
 * Blank lines are counted and skipped; a line may end with CR LF, the last one with nothing. More lines than there
 * may be end it with a VerdictError `too-large`.
 */
export class LineSplitter {
  readonly #maxLineBytes: number;
  readonly #maxLines: number;
  readonly #rest = new HeldBytes();
  /** The line that is being read is too long; its bytes are dropped until it ends. */
  #skipping = false;
  #line = 0;

  constructor({ maxLineBytes, maxLines }: Pick<IngestLimits, 'maxLineBytes' | 'maxLines'>) {
    this.#maxLineBytes = maxLineBytes;
    this.#maxLines = maxLines;
  }

  /** The lines that end within this piece. */
  push(piece: Buffer): readonly BodyItem[] {
    const items: BodyItem[] = [];
    let begin = 0;
    if (this.#skipping) {
      const end = piece.indexOf(newline);
      if (end < 0) return items;
      this.#endSkipped(items);
      begin = end + 1;
    }
    const last = piece.lastIndexOf(newline);
    if (last >= begin) {
      this.#readLines(this.#rest.take(piece.subarray(begin, last)), items);
      begin = last + 1;
    }
    this.#keep(piece.subarray(begin));
    return items;
  }

  /** The last line, where the body does not end with a newline. */
  end(): readonly BodyItem[] {
    const items: BodyItem[] = [];
    if (this.#skipping) this.#endSkipped(items);
    else if (this.#rest.length > 0) this.#readLines(this.#rest.take(Buffer.alloc(0)), items);
    return items;
  }

  #endSkipped(items: BodyItem[]): void {
    this.#skipping = false;
    this.#nextLine();
    items.push({ line: this.#line, problem: tooLongLine(this.#maxLineBytes) });
  }

  #nextLine(): void {
    this.#line++;
    if (this.#line > this.#maxLines) throw tooManyLines(this.#maxLines);
  }

  #keep(piece: Buffer): void {
    if (this.#rest.length + piece.length <= this.#maxLineBytes) {
      this.#rest.add(piece);
      return;
    }
    this.#rest.drop();
    this.#skipping = true;
  }

  /** Reads whole lines, the last of them without its newline. */
  #readLines(bytes: Buffer, items: BodyItem[]): void {
    const text = bytes.toString('utf8');
    // What cannot be decoded becomes a replacement character, which may also stand there by right.
    if (text.includes(replacement) && !isUtf8(bytes)) {
      this.#readDoubtfulLines(bytes, items);
      return;
    }
    let begin = 0;
    for (;;) {
      const end = text.indexOf('\n', begin);
      const line = end < 0 ? text.slice(begin) : text.slice(begin, end);
      this.#readLine(line, items);
      if (end < 0) return;
      begin = end + 1;
    }
  }

  #readDoubtfulLines(bytes: Buffer, items: BodyItem[]): void {
    let begin = 0;
    for (;;) {
      const end = bytes.indexOf(newline, begin);
      const line = end < 0 ? bytes.subarray(begin) : bytes.subarray(begin, end);
      if (isUtf8(line)) this.#readLine(line.toString('utf8'), items);
      else {
        this.#nextLine();
        const problem =
          line.length > this.#maxLineBytes ? tooLongLine(this.#maxLineBytes) : 'expected text in UTF-8';
        items.push({ line: this.#line, problem });
      }
      if (end < 0) return;
      begin = end + 1;
    }
  }

  #readLine(text: string, items: BodyItem[]): void {
    this.#nextLine();
    if (this.#isTooLong(text)) items.push({ line: this.#line, problem: tooLongLine(this.#maxLineBytes) });
    else if (!blank.test(text)) items.push(parsed(this.#line, text));
  }

  #isTooLong(text: string): boolean {
    // A character takes one to three bytes, so most lines need not be measured.
    if (text.length * 3 <= this.#maxLineBytes) return false;
    return text.length > this.#maxLineBytes || Buffer.byteLength(text) > this.#maxLineBytes;
  }
}

const noObject = 'expected one JSON object, got something that does not begin with "{"';
const noJson = 'expected one JSON object, got something that is no JSON';
const beginsObject = /^[\t\r ]*\{/;

/**
 * The value of a line. One that is no object is not parsed: the parser takes long over what it refuses, and a body
 * may hold a hundred million such lines. Its message is left out on purpose: it quotes the line.
 */
function parsed(line: number, text: string): BodyItem {
  if (!beginsObject.test(text)) return { line, problem: noObject };
  try {
    return { line, value: JSON.parse(text) as unknown };
  } catch {
    return { line, problem: noJson };
  }
}
