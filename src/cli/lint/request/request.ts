import { filled, onlyArgument } from '../argo/placeholders.js';
import type { Metric } from '../argo/metric.js';
import type { Field } from '../files/field.js';

/** The question that a metric asks, as far as the values of its arguments are known. */
export interface AskedRequest {
  /** Arguments of the question by name; texts that cannot be known are left out. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The arguments of the question whose values come only with a run. */
  readonly unknown: ReadonlySet<string>;
  /** Where an argument of the question is written. */
  fieldOf(path: string): Field;
  /** The template argument that an argument of the question consists of. */
  templateArgument(path: string): string | undefined;
}

/** Reads `jsonBody`, `body` or the query; undefined where there is none or it is no object of JSON. */
export function askedRequest(metric: Metric, values: ReadonlyMap<string, string>): AskedRequest | undefined {
  const body = metric.web.at('jsonBody');
  if (body.exists) {
    return typeof body.value === 'object' && !Array.isArray(body.value)
      ? fromObject(body, values)
      : undefined;
  }
  const text = metric.web.at('body');
  if (text.text !== undefined) return fromText(text, text.text, values);
  return fromQuery(metric, values);
}

function fromObject(body: Field, values: ReadonlyMap<string, string>): AskedRequest {
  const unknown = new Set<string>();
  const read = (field: Field, top: string): unknown => {
    if (field.text !== undefined) {
      const text = filled(field.text, values);
      if (text === undefined) unknown.add(top);
      return text;
    }
    if (typeof field.value !== 'object' || field.value === null || Array.isArray(field.value))
      return field.value;
    return Object.fromEntries(
      field.fields().flatMap(([key, child]) => {
        const value = read(child, top === '' ? key : top);
        return value === undefined ? [] : [[key, value]];
      }),
    );
  };
  const fieldOf = (path: string) => deepest(body, path);
  return {
    values: read(body, '') as Readonly<Record<string, unknown>>,
    unknown,
    fieldOf,
    templateArgument: (path) => onlyArgument(fieldOf(path).text ?? ''),
  };
}

/** The field at a path of dotted names, of which each may have dots itself; else the last one that is there. */
function deepest(field: Field, path: string): Field {
  if (path === '') return field;
  for (const [key, child] of field.fields()) {
    if (path === key) return child;
    if (path.startsWith(`${key}.`)) return deepest(child, path.slice(key.length + 1));
  }
  return field;
}

function fromText(field: Field, text: string, values: ReadonlyMap<string, string>): AskedRequest | undefined {
  const known = filled(text, values);
  if (known === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(known);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return plainRequest(field, value as Readonly<Record<string, unknown>>, new Set());
}

function fromQuery(metric: Metric, values: ReadonlyMap<string, string>): AskedRequest | undefined {
  const url = metric.web.at('url');
  const query = url.text?.split('?', 2)[1];
  if (query === undefined) return undefined;
  const unknown = new Set<string>();
  const entries = query.split('&').flatMap((pair) => {
    const [name = '', ...rest] = pair.split('=');
    const text = filled(rest.join('='), values);
    if (text === undefined) unknown.add(name);
    return text === undefined ? [] : [...new URLSearchParams(`${name}=${text}`)];
  });
  return plainRequest(url, Object.fromEntries(entries), unknown);
}

function plainRequest(
  field: Field,
  values: Readonly<Record<string, unknown>>,
  unknown: ReadonlySet<string>,
): AskedRequest {
  return { values, unknown, fieldOf: () => field, templateArgument: () => undefined };
}
