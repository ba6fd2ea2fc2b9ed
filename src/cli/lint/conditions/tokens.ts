const token =
  /\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\d+(?:\.\d+)?|[A-Za-z_]\w*|==|!=|<=|>=|&&|\|\||\?\.|\?\?|\S)/y;
const nameToken = /^[A-Za-z_]\w*$/;

/** The words and signs of a condition, one after the other. Throws a SyntaxError where another one stands. */
export class Tokens {
  readonly #tokens: readonly string[];
  #position = 0;

  constructor(text: string) {
    const found: string[] = [];
    token.lastIndex = 0;
    for (let match = token.exec(text); match !== null; match = token.exec(text)) found.push(match[1] ?? '');
    this.#tokens = found;
  }

  take(expected: string): boolean {
    if (this.#tokens[this.#position] !== expected) return false;
    this.#position += 1;
    return true;
  }

  expect(expected: string): void {
    if (!this.take(expected)) throw new SyntaxError(expected);
  }

  expectEnd(): void {
    if (this.#position < this.#tokens.length) throw new SyntaxError('end');
  }

  name(): string {
    const found = this.#tokens[this.#position] ?? '';
    if (!nameToken.test(found)) throw new SyntaxError('name');
    this.#position += 1;
    return found;
  }

  /** A text or a number, a negative one included; undefined where neither stands. */
  literal(): { readonly value: string | number } | undefined {
    const found = this.#tokens[this.#position] ?? '';
    const next = this.#tokens[this.#position + 1] ?? '';
    if (/^["']/.test(found) && found.length > 1) {
      this.#position += 1;
      return { value: found.slice(1, -1).replace(/\\(.)/g, '$1') };
    }
    if (found === '-' && /^\d/.test(next)) {
      this.#position += 2;
      return { value: -Number(next) };
    }
    if (!/^\d/.test(found)) return undefined;
    this.#position += 1;
    return { value: Number(found) };
  }
}
