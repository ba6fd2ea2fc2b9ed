/**
 * Evaluates a success or failure condition as Argo Rollouts does, for exactly the part of its expression language that
 * the shipped templates use:
 *
 *     condition := operand "==" text
 *     operand   := ( "result" | "default(" value "," value ")" ) [ "[" index "]" ]…
 *     value     := "result" | text | number | "[" value, … "]"
 *
 * Anything else is refused, so that a template cannot come to use what nobody evaluates. As in the controller,
 * `default` looks at the whole result, whatever its first argument is, and an index into what is no array, or past its
 * end, is an error of the measurement.
 */
export class ConditionError extends Error {}

/** True or false; throws a ConditionError where the controller would mark the measurement as Error. */
export function evaluateCondition(condition: string, result: unknown): boolean {
  const reader = new Reader(condition);
  const left = operand(reader, result);
  reader.expect('==');
  const right = value(reader, result);
  reader.expectEnd();
  return left === right;
}

function operand(reader: Reader, result: unknown): unknown {
  let current: unknown;
  if (reader.take('default')) {
    reader.expect('(');
    value(reader, result);
    reader.expect(',');
    const fallback = value(reader, result);
    reader.expect(')');
    current = result ?? fallback;
  } else {
    reader.expect('result');
    current = result;
  }
  while (reader.take('[')) {
    const index = Number(reader.expectKind('number'));
    reader.expect(']');
    current = entry(current, index);
  }
  return current;
}

function entry(array: unknown, index: number): unknown {
  if (!Array.isArray(array)) {
    const type = array === null ? '<nil>' : typeof array === 'number' ? 'float64' : typeof array;
    throw new ConditionError(`type ${type}[int] is undefined`);
  }
  if (index >= array.length) throw new ConditionError('reflect: slice index out of range');
  return array[index] as unknown;
}

function value(reader: Reader, result: unknown): unknown {
  if (reader.take('result')) return result;
  if (!reader.take('[')) return JSON.parse(reader.expectKind('literal')) as unknown;
  const entries: unknown[] = [];
  while (!reader.take(']')) {
    if (entries.length > 0) reader.expect(',');
    entries.push(value(reader, result));
  }
  return entries;
}

const kinds = { number: /^\d+$/, literal: /^(?:"|\d)/ };

/** The tokens of a condition, one after the other. */
class Reader {
  readonly #tokens: readonly string[];
  readonly #condition: string;
  #position = 0;

  constructor(condition: string) {
    this.#condition = condition;
    this.#tokens = condition.match(/"[^"\\]*"|\d+(?:\.\d+)?|[A-Za-z_]\w*|==|\S/g) ?? [];
  }

  take(token: string): boolean {
    if (this.#tokens[this.#position] !== token) return false;
    this.#position += 1;
    return true;
  }

  expect(token: string): void {
    if (!this.take(token)) this.#refuse(`"${token}"`);
  }

  expectKind(kind: keyof typeof kinds): string {
    const token = this.#tokens[this.#position] ?? '';
    if (!kinds[kind].test(token)) this.#refuse(`a ${kind}`);
    this.#position += 1;
    return token;
  }

  expectEnd(): void {
    if (this.#position < this.#tokens.length) this.#refuse('the end');
  }

  #refuse(expected: string): never {
    const found = this.#tokens[this.#position] ?? 'the end';
    throw new SyntaxError(
      `"${this.#condition}": expected ${expected}, got ${found}; not in the part evaluated here`,
    );
  }
}
