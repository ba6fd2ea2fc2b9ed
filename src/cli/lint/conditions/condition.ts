import { Tokens } from './tokens.js';

/** Says that a measurement would be an Error, and why. */
export class MeasurementError extends Error {}

/** What a condition makes of a result. Throws a MeasurementError where Argo would mark the measurement as Error. */
export type Condition = (result: unknown) => unknown;

const longest = 2000;

/**
 * The part of Argo's expression language that conditions on a verdict are written in: fields and entries of `result`,
 * literals, lists, comparisons, `and`, `or`, `not`, `in`, and the functions `default`, `asFloat`, `asInt` and `len`. Undefined
 * for what goes beyond that.
 */
export function parseCondition(text: string): Condition | undefined {
  if (text.length > longest) return undefined;
  try {
    const tokens = new Tokens(text);
    const condition = either(tokens);
    tokens.expectEnd();
    return condition;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function either(tokens: Tokens): Condition {
  let left = both(tokens);
  while (tokens.take('||') || tokens.take('or')) {
    const [first, second] = [left, both(tokens)];
    left = (result) => truth(first(result)) || truth(second(result));
  }
  return left;
}

function both(tokens: Tokens): Condition {
  let left = negation(tokens);
  while (tokens.take('&&') || tokens.take('and')) {
    const [first, second] = [left, negation(tokens)];
    left = (result) => truth(first(result)) && truth(second(result));
  }
  return left;
}

function negation(tokens: Tokens): Condition {
  if (!tokens.take('!') && !tokens.take('not')) return comparison(tokens);
  const inner = negation(tokens);
  return (result) => !truth(inner(result));
}

const comparisons: Readonly<Record<string, (left: unknown, right: unknown) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => order(left, right) < 0,
  '<=': (left, right) => order(left, right) <= 0,
  '>': (left, right) => order(left, right) > 0,
  '>=': (left, right) => order(left, right) >= 0,
  in: (left, right) => {
    if (Array.isArray(right)) return right.includes(left);
    throw new MeasurementError('"in" needs a list');
  },
};

function comparison(tokens: Tokens): Condition {
  const left = operand(tokens);
  const operator = Object.keys(comparisons).find((one) => tokens.take(one));
  const compare = operator === undefined ? undefined : comparisons[operator];
  if (compare === undefined) return left;
  const right = operand(tokens);
  return (result) => compare(left(result), right(result));
}

function operand(tokens: Tokens): Condition {
  let inner = primary(tokens);
  for (;;) {
    if (tokens.take('.')) {
      const key = tokens.name();
      const [whole] = [inner];
      inner = (result) => member(whole(result), key);
    } else if (tokens.take('[')) {
      const [whole, index] = [inner, either(tokens)];
      tokens.expect(']');
      inner = (result) => member(whole(result), index(result));
    } else return inner;
  }
}

function primary(tokens: Tokens): Condition {
  const literal = tokens.literal();
  if (literal !== undefined) return () => literal.value;
  if (tokens.take('(')) {
    const inner = either(tokens);
    tokens.expect(')');
    return inner;
  }
  if (tokens.take('[')) {
    const entries = list(tokens, ']');
    return (result) => entries.map((entry) => entry(result));
  }
  const name = tokens.name();
  if (name === 'result') return (result) => result;
  if (name === 'nil' || name === 'null') return () => null;
  if (name === 'true' || name === 'false') return () => name === 'true';
  tokens.expect('(');
  return call(name, list(tokens, ')'));
}

function list(tokens: Tokens, end: string): readonly Condition[] {
  const entries: Condition[] = [];
  while (!tokens.take(end)) {
    if (entries.length > 0) tokens.expect(',');
    entries.push(either(tokens));
  }
  return entries;
}

function call(name: string, given: readonly Condition[]): Condition {
  const [first, second] = given;
  if (first === undefined) throw new SyntaxError(name);
  switch (name) {
    case 'default':
      if (second === undefined) throw new SyntaxError(name);
      // Argo's own looks at the whole result, whatever its first argument is.
      return (result) => (result === null || result === undefined ? second(result) : first(result));
    case 'isNil':
      return (result) => result === null || result === undefined;
    case 'asFloat':
    case 'asInt':
    case 'float':
    case 'int':
      return (result) => toNumber(first(result));
    case 'len':
      return (result) => {
        const value = first(result);
        if (typeof value === 'string' || Array.isArray(value)) return value.length;
        throw new MeasurementError('"len" needs a list or a text');
      };
    default:
      throw new SyntaxError(name);
  }
}

function toNumber(value: unknown): number {
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : NaN;
  if (Number.isNaN(number)) throw new MeasurementError(`${kindOf(value)} is no number`);
  return number;
}

function truth(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new MeasurementError(`${kindOf(value)} stands where true or false is needed`);
}

function order(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  throw new MeasurementError(`${kindOf(left)} cannot be compared with ${kindOf(right)}`);
}

function member(whole: unknown, key: unknown): unknown {
  if (Array.isArray(whole) && typeof key === 'number') {
    if (key < whole.length) return whole[key] as unknown;
    throw new MeasurementError(`the list has no entry ${key}`);
  }
  if (typeof whole === 'object' && whole !== null && !Array.isArray(whole) && typeof key === 'string') {
    return Object.hasOwn(whole, key) ? (whole as Readonly<Record<string, unknown>>)[key] : null;
  }
  throw new MeasurementError(
    `${kindOf(whole)} has no ${typeof key === 'number' ? `entry ${key}` : 'fields'}`,
  );
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}
