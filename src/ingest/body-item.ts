/** One event of a body: the value at its line (from 1; in a JSON array the position), or why it has none. */
export type BodyItem =
  { readonly line: number; readonly value: unknown } | { readonly line: number; readonly problem: string };
