import { filled, onlyArgument } from '../argo/placeholders.js';
import type { Metric } from '../argo/metric.js';
import type { Field } from '../files/field.js';
import { writtenRequest } from './written-request.js';

/** The question that a metric asks, as far as the values of its arguments are known. */
export interface AskedRequest {
  /** Arguments of the question by name; texts that cannot be known are left out. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The arguments of the question whose values come only with a run. */
  readonly unknown: ReadonlySet<string>;
  /** Where an argument of the question is written. */
  fieldOf(path: string): Field;
  /** What is written there, placeholders included; undefined where nothing is, or no text. */
  textOf(path: string): string | undefined;
  /** The template argument that an argument of the question consists of. */
  templateArgument(path: string): string | undefined;
}

/** Reads `jsonBody`, `body` or the query; undefined where there is none or it is no object of JSON. */
export function askedRequest(metric: Metric, values: ReadonlyMap<string, string>): AskedRequest | undefined {
  const written = writtenRequest(metric, values);
  if (written === undefined) return undefined;
  const unknown = new Set<string>();
  const read = (value: unknown, top: string): unknown => {
    if (typeof value === 'string') {
      const text = filled(value, values);
      if (text === undefined) unknown.add(top);
      return text;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, child]) => {
        const found = read(child, top === '' ? key : top);
        return found === undefined ? [] : [[key, found]];
      }),
    );
  };
  const textOf = (path: string) => textAt(written.value, path);
  return {
    values: read(written.value, '') as Readonly<Record<string, unknown>>,
    unknown,
    fieldOf: (path) => (written.byField ? deepest(written.field, path) : written.field),
    textOf,
    templateArgument: (path) => onlyArgument(textOf(path) ?? ''),
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

function textAt(value: unknown, path: string): string | undefined {
  if (path === '') return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  for (const [key, child] of Object.entries(value)) {
    if (path === key) return textAt(child, '');
    if (path.startsWith(`${key}.`)) return textAt(child, path.slice(key.length + 1));
  }
  return undefined;
}
