import type { Matcher } from './signal.js';

/** Names that every version of the query language takes bare; others are written as text. */
const plainLabel = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Without an underscore or a colon it might be a word of the language, such as `sum` or `inf`. */
const plainMetric = /^[a-zA-Z_:][a-zA-Z0-9_:]*[_:][a-zA-Z0-9_:]*$/;

const words: readonly string[] = [
  'group_left',
  'group_right',
  'count_values',
  'limit_ratio',
  'keep_metric_names',
];

/** Halves of characters that stand alone: no UTF-8 has them, so that no label can. */
const loneSurrogates = /[\ud800-\udfff]/gu;

/** Ends of a line end a text of the query language too; other control characters would only be hard to read. */
const escaped = /["\\\p{Cc}]/gu;

/** What has a meaning in a regular expression. */
const regexCharacters = /[\\.+*?()|[\]{}^$]/g;

/**
 * An instant selector: the series of some metrics that satisfy all matchers. Names and values may be any text: what is
 * written cannot say anything else than what was meant.
 *
 * @param metrics one or more names
 */
export function selectorText(metrics: readonly string[], matchers: readonly Matcher[]): string {
  const [only = ''] = metrics;
  if (metrics.length === 1 && plainMetric.test(only) && !words.includes(only)) {
    return matchers.length === 0 ? only : `${only}{${matchers.map(matcherText).join(',')}}`;
  }
  return `{${[oneOf('__name__', metrics), ...matchers].map(matcherText).join(',')}}`;
}

/** A matcher for series of which a label is one of some texts. */
export function oneOf(label: string, values: readonly string[]): Matcher {
  const [only = ''] = values;
  return values.length === 1
    ? { label, operator: '=', value: only }
    : { label, operator: '=~', value: values.map(regexLiteral).join('|') };
}

/** A text as a regular expression of RE2 that matches it alone. */
export function regexLiteral(text: string): string {
  return text.replace(regexCharacters, '\\$&');
}

/** A text in double quotes, as the query language (and Go) writes it. */
export function stringLiteral(text: string): string {
  return `"${text.replace(loneSurrogates, '\ufffd').replace(escaped, escapeCharacter)}"`;
}

function matcherText({ label, operator, value }: Matcher): string {
  return `${plainLabel.test(label) ? label : stringLiteral(label)}${operator}${stringLiteral(value)}`;
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
