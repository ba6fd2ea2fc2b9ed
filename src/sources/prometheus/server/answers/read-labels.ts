/** The labels of a series; undefined for what are none. */
export function readLabels(value: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const labels = value as Readonly<Record<string, unknown>>;
  for (const name in labels) if (typeof labels[name] !== 'string') return undefined;
  return labels as Readonly<Record<string, string>>;
}
