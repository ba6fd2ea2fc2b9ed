/** What may come next: a value, the first entry of a list or object, a key, its colon, or what follows a value. */
type Expected = 'value' | 'first-entry' | 'first-key' | 'key' | 'colon' | 'more';

const whitespace = /[\t\n\r ]*/y;
const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const escape = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/**
 * Where a text stops being JSON: an index into it, its length where it ends too early, undefined where nothing is
 * wrong. Engines tell the position of some syntax errors only.
 */
export function jsonErrorIndex(text: string): number | undefined {
  const closers: ('}' | ']')[] = [];
  let expected: Expected = 'value';
  let index = 0;
  for (;;) {
    index += lengthOf(whitespace, text, index);
    const character = text[index];
    const closer = closers.at(-1);
    if (character === undefined) return expected === 'more' && closer === undefined ? undefined : index;
    const isKey: boolean = expected === 'key' || expected === 'first-key';
    const closes = expected === 'more' || expected === (closer === '}' ? 'first-key' : 'first-entry');
    if (character === closer && closes) {
      closers.pop();
      expected = 'more';
      index += 1;
    } else if (expected === 'more') {
      if (character !== ',' || closer === undefined) return index;
      expected = closer === '}' ? 'key' : 'value';
      index += 1;
    } else if (expected === 'colon') {
      if (character !== ':') return index;
      expected = 'value';
      index += 1;
    } else if (character === '"') {
      const end = stringEnd(text, index);
      if (text[end] !== '"') return end;
      expected = isKey ? 'colon' : 'more';
      index = end + 1;
    } else if (isKey) {
      return index;
    } else if (character === '{' || character === '[') {
      closers.push(character === '{' ? '}' : ']');
      expected = character === '{' ? 'first-key' : 'first-entry';
      index += 1;
    } else {
      const length = lengthOf(scalar, text, index);
      if (length === 0) return index;
      expected = 'more';
      index += length;
    }
  }
}

/** The index of the closing quote of a string, or of what must not stand in it. */
function stringEnd(text: string, start: number): number {
  let index = start + 1;
  for (;;) {
    const character = text[index];
    if (character === undefined || character === '"' || character < ' ') return index;
    const length = character === '\\' ? lengthOf(escape, text, index) : 1;
    if (length === 0) return index;
    index += length;
  }
}

function lengthOf(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0].length ?? 0;
}
