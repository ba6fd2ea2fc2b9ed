/** Whether a name fits. */
export type NameMatcher = (name: string) => boolean;

/** Matches names against patterns: each a name, or a text in which `*` stands for any text. Absent: every name fits. */
export function nameMatcher(patterns: readonly string[] | undefined): NameMatcher {
  if (patterns === undefined) return () => true;
  const exact = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const wild = patterns.filter((pattern) => pattern.includes('*')).map((pattern) => pattern.split('*'));
  return (name) => exact.has(name) || wild.some((parts) => fits(name, parts));
}

/** Whether a name is made of these parts in their order, with anything between them. Its time grows with its length only. */
function fits(name: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  const end = name.length - last.length;
  if (end < first.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = name.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
