/**
 * Evaluates arithmetic as the worked examples print it: numbers, + - × / ^, brackets, and the functions below. `^` binds
 * strongest and a minus sign stands only between two terms.
 */
const functions: Readonly<Record<string, (...values: readonly number[]) => number>> = {
  ln: (value = NaN) => Math.log(value),
  exp: (value = NaN) => Math.exp(value),
  sqrt: (value = NaN) => Math.sqrt(value),
  min: (...values) => Math.min(...values),
  max: (...values) => Math.max(...values),
  mean: (...values) => values.reduce((total, value) => total + value, 0) / values.length,
};

/** @throws Error where the text is no such arithmetic */
export function calculate(text: string): number {
  const tokens = text.match(/\d+(?:\.\d+)?|[a-z]+|\S/g) ?? [];
  const reader = new Reader(tokens);
  const value = reader.sum();
  if (!reader.atEnd) throw new Error(`"${text}" goes on after its end`);
  return value;
}

class Reader {
  readonly #tokens: string[];

  constructor(tokens: readonly string[]) {
    this.#tokens = [...tokens];
  }

  get atEnd(): boolean {
    return this.#tokens.length === 0;
  }

  sum(): number {
    let value = this.#product();
    for (let sign = this.#take('+', '-'); sign !== undefined; sign = this.#take('+', '-')) {
      value += sign === '+' ? this.#product() : -this.#product();
    }
    return value;
  }

  #product(): number {
    let value = this.#power();
    for (let sign = this.#take('×', '/'); sign !== undefined; sign = this.#take('×', '/')) {
      value = sign === '×' ? value * this.#power() : value / this.#power();
    }
    return value;
  }

  #power(): number {
    const base = this.#atom();
    return this.#take('^') === undefined ? base : base ** this.#atom();
  }

  #atom(): number {
    const token = this.#tokens.shift() ?? '';
    if (token === '(') return this.#inBrackets()[0] ?? NaN;
    const apply = functions[token];
    if (apply !== undefined && this.#take('(') !== undefined) return apply(...this.#inBrackets());
    const value = Number(token);
    if (token === '' || Number.isNaN(value)) throw new Error(`expected a number, got "${token}"`);
    return value;
  }

  #inBrackets(): readonly number[] {
    const values = [this.sum()];
    while (this.#take(',') !== undefined) values.push(this.sum());
    if (this.#take(')') === undefined) throw new Error('a bracket has no end');
    return values;
  }

  #take(...wanted: readonly string[]): string | undefined {
    return wanted.includes(this.#tokens[0] ?? '') ? this.#tokens.shift() : undefined;
  }
}
