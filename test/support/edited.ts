/** A deep copy of a JSON document in which the value at a path is another one; `undefined` takes the field away. */
export function edited<T>(document: T, path: string, value: unknown): T {
  const copy = JSON.parse(JSON.stringify(document)) as T;
  const parts = path.split(/[.[\]]+/).filter((part) => part !== '');
  const last = parts.pop() ?? '';
  let parent = copy as Record<string, unknown>;
  for (const part of parts) parent = parent[part] as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else parent[last] = value;
  return copy;
}
