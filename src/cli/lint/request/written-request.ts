import { filled } from '../argo/placeholders.js';
import type { Metric } from '../argo/metric.js';
import type { Field } from '../files/field.js';

/** A question as it is written, with its placeholders. */
export interface WrittenRequest {
  readonly value: Readonly<Record<string, unknown>>;
  readonly field: Field;
  /** Whether each argument is a field of its own below. */
  readonly byField: boolean;
}

/**
 * Of `jsonBody`, `body` or the query; undefined where there is none or it is no object of JSON. `values` fills in a body that
 * only then is JSON: `{"weight": {{ args.weight }}}`.
 */
export function writtenRequest(
  metric: Metric,
  values: ReadonlyMap<string, string>,
): WrittenRequest | undefined {
  const body = metric.web.at('jsonBody');
  if (body.exists)
    return isObject(body.value) ? { value: body.value, field: body, byField: true } : undefined;
  const field = metric.web.at('body');
  if (field.text === undefined) return fromQuery(metric.web.at('url'));
  const value = parsed(field.text) ?? parsed(filled(field.text, values) ?? '');
  return value === undefined ? undefined : { value, field, byField: false };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fromQuery(url: Field): WrittenRequest | undefined {
  const query = url.text?.split('?', 2)[1];
  if (query === undefined) return undefined;
  const entries = query.split('&').flatMap((pair) => {
    const [name = '', ...rest] = pair.split('=');
    const text = rest.join('=');
    // A placeholder is filled in before the address is read.
    return text.includes('{{') ? [[name, text] as const] : [...new URLSearchParams(`${name}=${text}`)];
  });
  return { value: Object.fromEntries(entries), field: url, byField: false };
}
