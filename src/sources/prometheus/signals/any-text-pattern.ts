import { regexLiteral } from './selector.js';

/**
 * A text in which some places may be any text. Matching takes time in proportion to the lengths, whatever the pattern: no
 * regular expression is run on labels, which anybody may have written.
 */
export class AnyTextPattern {
  /** What stands before, between and behind the places of any text; one part: there is no such place. */
  readonly #parts: readonly string[];

  constructor(parts: readonly string[]) {
    this.#parts = parts;
  }

  get isPlain(): boolean {
    return this.#parts.length === 1;
  }

  /** The same as a regular expression of RE2, which servers anchor at both ends. */
  get regex(): string {
    return this.#parts.map(regexLiteral).join('.*');
  }

  matches(text: string): boolean {
    const first = this.#parts[0] ?? '';
    const last = this.#parts.at(-1) ?? '';
    if (this.isPlain) return text === first;
    const end = text.length - last.length;
    if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let from = first.length;
    for (const part of this.#parts.slice(1, -1)) {
      const at = text.indexOf(part, from);
      if (at < 0 || at + part.length > end) return false;
      from = at + part.length;
    }
    return true;
  }

  /** Whether every text that the other one matches is matched by this one too. */
  covers(other: AnyTextPattern): boolean {
    // A character that this pattern does not have can only be matched by one of its places of any text, and whatever
    // stands there instead of it as well.
    return this.matches(other.#parts.join(this.#unused()));
  }

  #unused(): string {
    const own = this.#parts.join('');
    let code = 0xe000;
    while (own.includes(String.fromCharCode(code))) code += 1;
    return String.fromCharCode(code);
  }
}
