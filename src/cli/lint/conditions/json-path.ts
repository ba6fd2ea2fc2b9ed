/** What a `jsonPath` makes of an answer. */
export type PathResult =
  | { readonly kind: 'value'; readonly value: unknown }
  /** Text outside of braces is taken as it stands. */
  | { readonly kind: 'literal' }
  | { readonly kind: 'nothing' }
  /** A form that is not read here. */
  | { readonly kind: 'unknown' };

/** Follows the plain forms of the Kubernetes dialect: `{$}`, `{$.measurement}`, `{.measurement[1]}`. */
export function followJsonPath(path: string, answer: unknown): PathResult {
  const text = path.trim();
  if (!text.includes('{')) return { kind: 'literal' };
  const inner = /^\{\s*\$?((?:\.[A-Za-z_]\w*|\[\d+\]|\['[^'\]]*'\])*)\s*\}$/.exec(text)?.[1];
  if (inner === undefined) return { kind: 'unknown' };
  let value: unknown = answer;
  for (const [, name, index, quoted] of inner.matchAll(/\.(\w+)|\[(\d+)\]|\['([^'\]]*)'\]/g)) {
    const key = name ?? quoted ?? Number(index);
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return { kind: 'nothing' };
    value = (value as Readonly<Record<string | number, unknown>>)[key];
  }
  return { kind: 'value', value };
}
