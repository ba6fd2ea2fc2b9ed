/** The labels of a series; undefined for what are none. */
export function readLabels(value: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.values(value).every((label) => typeof label === 'string')
    ? (value as Readonly<Record<string, string>>)
    : undefined;
}
