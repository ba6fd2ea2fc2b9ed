import type { Condition } from './condition.js';
import { callOf } from './functions.js';
import { comparisons, member, truth } from './operators.js';
import { Tokens } from './tokens.js';

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
  return callOf(name, list(tokens, ')'));
}

function list(tokens: Tokens, end: string): readonly Condition[] {
  const entries: Condition[] = [];
  while (!tokens.take(end)) {
    if (entries.length > 0) tokens.expect(',');
    entries.push(either(tokens));
  }
  return entries;
}
