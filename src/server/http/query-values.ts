import type { FieldError } from '../../domain/errors.js';

/** The parameters of a query string as they stand, and those that stand there more than once. */
export interface QueryValues {
  readonly values: Readonly<Record<string, unknown>>;
  readonly errors: readonly FieldError[];
}

/**
 * Reads the query of a URL path. A percent sign that encodes nothing stays one (`weight=5%`), since Argo encodes
 * nothing that it puts into a template.
 */
export function queryValues(url: string): QueryValues {
  const start = url.indexOf('?');
  const parameters = new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
  const entries = new Map<string, string>();
  const repeated = new Set<string>();
  for (const [name, value] of parameters) {
    if (entries.has(name)) repeated.add(name);
    entries.set(name, value);
  }
  return {
    values: Object.fromEntries(entries),
    errors: [...repeated].map((name) => ({ path: name, message: 'expected once, got it more than once' })),
  };
}
