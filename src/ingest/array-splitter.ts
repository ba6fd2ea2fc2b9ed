import { isUtf8 } from 'node:buffer';
import { VerdictError } from '../domain/errors.js';
import type { BodyItem } from './body-item.js';
import { HeldBytes } from './held-bytes.js';
import type { IngestLimits } from './ingest-limits.js';
import { tooLongLine, tooManyLines } from './line-limits.js';

const [quote, comma, backslash] = [0x22, 0x2c, 0x5c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];
const replacement = '\ufffd';

/** Where in an array the next byte stands. */
type Place = 'before-array' | 'before-first' | 'before-next' | 'element' | 'behind';

/**
 * Cuts a body that is one JSON array into its elements and parses each by itself, wherever the pieces end. What is held
 * is one element at most. Elements are numbered and limited as lines are: one that is too long is named, and only
 * its end is looked for. An array that is none ends it with a VerdictError `invalid-input`, more elements than there may
 * be with `too-large`.
 */
export class ArraySplitter {
  readonly #maxLineBytes: number;
  readonly #maxLines: number;
  readonly #held = new HeldBytes();
  #place: Place = 'before-array';
  /** Of what is open within the element. */
  #depth = 0;
  #inText = false;
  #escaped = false;
  /** The element is too long; its bytes are dropped until it ends. */
  #skipping = false;
  #line = 0;

  constructor({ maxLineBytes, maxLines }: Pick<IngestLimits, 'maxLineBytes' | 'maxLines'>) {
    this.#maxLineBytes = maxLineBytes;
    this.#maxLines = maxLines;
  }

  /** The elements that end within this piece. */
  push(piece: Buffer): readonly BodyItem[] {
    const items: BodyItem[] = [];
    for (let at = 0; at < piece.length;) {
      if (this.#place === 'element') at = this.#readElement(piece, at, items);
      else if (isBlank(piece[at]) || !this.#enter(piece[at])) at++;
    }
    return items;
  }

  /** Says that the body is over. */
  end(): void {
    if (this.#place !== 'behind') throw noArray();
  }

  /** Goes on at a byte that is not within an element; whether it is the first of one. */
  #enter(byte: number | undefined): boolean {
    switch (this.#place) {
      case 'before-array':
        if (byte !== openBracket) throw noArray();
        this.#place = 'before-first';
        return false;
      case 'before-first':
        if (byte !== closeBracket) break;
        this.#place = 'behind';
        return false;
      case 'behind':
        throw noArray();
      case 'before-next':
      case 'element':
    }
    this.#place = 'element';
    return true;
  }

  /** Reads on within an element and, where it ends, behind the comma or bracket that ends it. */
  #readElement(piece: Buffer, begin: number, items: BodyItem[]): number {
    const end = this.#endOfElement(piece, begin);
    if (end === piece.length) {
      this.#hold(piece.subarray(begin));
      return end;
    }
    items.push(this.#finish(piece.subarray(begin, end)));
    this.#place = piece[end] === comma ? 'before-next' : 'behind';
    return end + 1;
  }

  /** Where the element ends; the length of the piece where it does not. This sees every byte of a body. */
  #endOfElement(piece: Buffer, begin: number): number {
    let [depth, inText, escaped] = [this.#depth, this.#inText, this.#escaped];
    let at = begin;
    for (; at < piece.length; at++) {
      const byte = piece[at];
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === quote) inText = false;
        else if (byte === backslash) escaped = true;
      } else if (byte === quote) inText = true;
      else if (byte === openBrace || byte === openBracket) depth++;
      else if (byte === closeBrace || byte === closeBracket) {
        // Whether the two are of one kind is for the parser to say.
        if (depth === 0) break;
        depth--;
      } else if (byte === comma && depth === 0) break;
    }
    [this.#depth, this.#inText, this.#escaped] = [depth, inText, escaped];
    if (piece[at] === closeBrace) throw noArray();
    return at;
  }

  #hold(piece: Buffer): void {
    if (this.#skipping) return;
    if (this.#held.length + piece.length <= this.#maxLineBytes) {
      this.#held.add(piece);
      return;
    }
    this.#held.drop();
    this.#skipping = true;
  }

  #finish(last: Buffer): BodyItem {
    this.#line++;
    if (this.#line > this.#maxLines) throw tooManyLines(this.#maxLines);
    const isTooLong = this.#skipping || this.#held.length + last.length > this.#maxLineBytes;
    this.#skipping = false;
    if (!isTooLong) return { line: this.#line, value: parseElement(this.#held.take(last)) };
    this.#held.drop();
    return { line: this.#line, problem: tooLongLine(this.#maxLineBytes) };
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The message of the parser is left out on purpose: it quotes the body. */
function parseElement(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  // What cannot be decoded becomes a replacement character, which may also stand there by right.
  if (text.includes(replacement) && !isUtf8(bytes)) throw noArray();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw noArray();
  }
}

function noArray(): VerdictError {
  return new VerdictError(
    'invalid-input',
    'the body begins with "[", but it is not one JSON array in UTF-8; nothing of it was counted',
  );
}
