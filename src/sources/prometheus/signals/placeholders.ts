import { regexLiteral } from './selector.js';
import type { Matcher } from './signal.js';

/** What may stand for `{{model}}`, `{{namespace}}` and `{{name}}` (of an output or outcome). */
export type PlaceholderValues = Readonly<Partial<Record<'model' | 'namespace' | 'name', string>>>;

const placeholder = /\{\{(\w+)\}\}/g;

/** The placeholders that a text has. */
export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name);
}

/** Puts values for placeholders, once: a value that looks like a placeholder is plain text. Unknown ones stay. */
export function fillText(
  text: string,
  values: PlaceholderValues,
  write = (value: string): string => value,
): string {
  const known: Readonly<Record<string, string | undefined>> = values;
  return text.replace(placeholder, (whole, name: string) => {
    const value = Object.hasOwn(known, name) ? known[name] : undefined;
    return value === undefined ? whole : write(value);
  });
}

/** Fills the value of a matcher; in a regular expression the values are plain text too. */
export function fillMatcher(matcher: Matcher, values: PlaceholderValues): Matcher {
  const isRegex = matcher.operator === '=~' || matcher.operator === '!~';
  return { ...matcher, value: fillText(matcher.value, values, isRegex ? regexLiteral : undefined) };
}
