/** A web metric as the controller handles it: arguments filled in, one request, one measurement. */
import type { Metric } from '../argo-documents.js';
import { ConditionError, evaluateCondition } from './condition.js';

export interface ArgoRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Measurement {
  readonly phase: 'Successful' | 'Failed' | 'Inconclusive' | 'Error';
  /** The selected part of the answer; undefined where there is none. */
  readonly value: unknown;
}

/**
 * The metric with its arguments: written as JSON, filled in as text, read again. Whatever an argument holds, it stays
 * the text that it is. Throws on a placeholder without an argument, where the controller ends the run in Error.
 */
export function resolveMetric(metric: Metric, args: ReadonlyMap<string, string>): Metric {
  const template = JSON.stringify(sortKeys(metric));
  const filled = template.replace(/\{\{(.*?)\}\}/g, (whole, tag: string) => {
    const text = args.get(tag.trim().replace(/^args\./, ''));
    if (text === undefined) throw new Error(`failed to resolve ${whole}`);
    return JSON.stringify(text).slice(1, -1);
  });
  return JSON.parse(filled) as Metric;
}

/** The request that a resolved metric sends. Keys of a jsonBody go out sorted, as Go's encoder writes them. */
export function postRequest(metric: Metric): ArgoRequest {
  const { web } = metric.provider;
  if (web === undefined) throw new Error(`${metric.name} is no web metric`);
  const headers = headersOf(metric);
  if (web.jsonBody === undefined) return { method: web.method ?? 'GET', url: web.url, headers };
  const body = JSON.stringify(sortKeys(web.jsonBody));
  return {
    method: web.method ?? 'GET',
    url: web.url,
    headers: { ...headers, 'content-type': 'application/json' },
    body,
  };
}

/** The headers of a metric; Go's client refuses those that no header can have, and so the measurement is an error. */
function headersOf({ provider: { web } }: Metric): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (web?.headers ?? []).map(({ key, value }) => {
      if (/[\r\n\0]/.test(value)) throw new Error(`net/http: invalid header field value for "${key}"`);
      return [key.toLowerCase(), value];
    }),
  );
}

/**
 * The same question as a GET, as a template would ask it with its arguments in the URL: nested fields by their path,
 * and nothing percent-encoded, since Argo encodes nothing (`…&error-rate.promoteBelow=0.5%&…`).
 */
export function getRequest(metric: Metric): ArgoRequest {
  const { web } = metric.provider;
  if (web?.jsonBody === undefined) throw new Error(`${metric.name} has no jsonBody`);
  const { guardrails = {}, ...fields } = web.jsonBody;
  const overrides = Object.entries(guardrails as Readonly<Record<string, object>>).flatMap(
    ([name, settings]) =>
      Object.entries(settings).map(([key, text]) => [`${name}.${key}`, String(text)] as const),
  );
  const pairs = [...Object.entries(fields).map(([key, text]) => [key, String(text)] as const), ...overrides];
  return {
    method: 'GET',
    url: `${web.url}?${pairs.map((pair) => pair.join('=')).join('&')}`,
    headers: headersOf(metric),
  };
}

/**
 * What the controller makes of an answer. As in every release so far, a 2xx whose body is not JSON is Successful
 * without any condition being asked: a proxy's page promotes.
 */
export function measure(metric: Metric, status: number, body: string): Measurement {
  if (status < 200 || status > 299) return { phase: 'Error', value: undefined };
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return { phase: 'Successful', value: body };
  }
  try {
    const value = select(metric.provider.web?.jsonPath ?? '{$}', answer);
    return { phase: phaseOf(metric, value), value };
  } catch (error) {
    if (error instanceof ConditionError) return { phase: 'Error', value: undefined };
    throw error;
  }
}

function phaseOf({ successCondition, failureCondition }: Metric, value: unknown): Measurement['phase'] {
  const success = successCondition === undefined ? undefined : evaluateCondition(successCondition, value);
  const failure = failureCondition === undefined ? undefined : evaluateCondition(failureCondition, value);
  // Where only one condition is given, the other one is its opposite; where both are true, failure counts.
  const failed = failure ?? (success !== undefined && !success);
  const succeeded = success ?? !failed;
  if (failed) return 'Failed';
  return succeeded ? 'Successful' : 'Inconclusive';
}

/** `{$}` and `{$.name}`, the two forms of Kubernetes' JSONPath that are used here. */
function select(jsonPath: string, answer: unknown): unknown {
  const field = /^\{\$(?:\.(\w+))?\}$/.exec(jsonPath);
  if (field === null) throw new SyntaxError(`"${jsonPath}" is not in the part evaluated here`);
  if (field[1] === undefined) return answer;
  if (typeof answer !== 'object' || answer === null || !Object.hasOwn(answer, field[1])) {
    throw new ConditionError(`Could not find JSONPath in body: ${field[1]} is not found`);
  }
  return (answer as Readonly<Record<string, unknown>>)[field[1]];
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, child]) => [key, sortKeys(child)]));
}
