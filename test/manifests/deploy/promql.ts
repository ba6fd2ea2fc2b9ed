/**
 * What a PromQL expression names: metrics, the labels it filters by, and those it groups by. Reads expressions of this
 * repository, which promtool has to accept as well; it is no grammar.
 */

export interface Selection {
  readonly metric: string;
  /** Values by label; of an alternation `a|b` each one. */
  readonly matchers: ReadonlyMap<string, readonly string[]>;
}

export interface Expression {
  readonly selections: readonly Selection[];
  /** Of `by (…)` and its like. */
  readonly grouping: readonly string[];
}

const keywords = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'offset', 'bool']);
const operators = new Set(['and', 'or', 'unless']);

export function readExpression(text: string): Expression {
  const selections: Selection[] = [];
  const grouping: string[] = [];
  const durations = /\[[^\]]*\]/g;
  const grouped = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
  for (const [, labels = ''] of text.matchAll(grouped)) {
    grouping.push(
      ...labels
        .split(',')
        .map((label) => label.trim())
        .filter((label) => label !== ''),
    );
  }
  const rest = text.replaceAll(durations, '').replaceAll(grouped, ' ');
  // A name that no bracket follows is a metric; the matchers, if any, stand right behind it.
  for (const [, name = '', matchers = ''] of rest.matchAll(
    /(?<![\w."])([a-zA-Z_:][\w:]*)\b(?!\s*\()\s*(\{(?:"(?:[^"\\]|\\.)*"|[^}"])*\})?/g,
  )) {
    if (keywords.has(name) || operators.has(name) || isDuration(rest, name)) continue;
    selections.push({ metric: name, matchers: readMatchers(matchers) });
  }
  return { selections, grouping };
}

/** The `10m` behind `offset`: it begins with a digit, so only its unit is left over. */
function isDuration(text: string, name: string): boolean {
  return /^(ms|[smhdwy])$/.test(name) && new RegExp(`\\d${name}\\b`).test(text);
}

function readMatchers(text: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...text.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g)].map(([, label = '', value = '']) => [
      label,
      value.split('|'),
    ]),
  );
}
