import type { PredictionValue } from '../../sources/index.js';
import { readRecord } from '../line-fields.js';
import type { EventBody } from './event-body.js';
import type { EventSettings } from './event-settings.js';
import { instancesOf, type Instances } from './instances.js';
import { columnsOf, predictionValue } from './prediction-value.js';
import { valueAtPath } from './value-at-path.js';

/** What an answer of a model holds. */
export type FoundPredictions =
  /** One a instance, all scores or all labels; empty where none could be read. */
  | { readonly kind: 'predictions'; readonly values: readonly PredictionValue[] }
  /** The answer is none to an inference. */
  | { readonly kind: 'not-inference' };

/** So many instances of one answer are counted; further ones are left out. */
const mostInstances = 10_000;

/** Finds the predictions in the body of a response. */
export function findPredictions(body: EventBody, settings: EventSettings): FoundPredictions {
  if (body.kind === 'empty') return { kind: 'not-inference' };
  if (body.kind === 'unreadable') return { kind: 'predictions', values: [] };
  const instances = locate(body.value, settings);
  if (instances === undefined) {
    return isHealthAnswer(body.value) ? { kind: 'not-inference' } : { kind: 'predictions', values: [] };
  }
  const columns = instances.columns === undefined ? undefined : columnsOf(instances.columns, settings.output);
  const values: PredictionValue[] = [];
  const wanted = settings.instances === 'first' ? 1 : mostInstances;
  for (const instance of instances.values.slice(0, wanted)) {
    const value = predictionValue(instance, columns, settings);
    // Scores and labels cannot be counted together; the first one says which these are.
    if (value !== undefined && typeof value === typeof (values[0] ?? value)) values.push(value);
  }
  return { kind: 'predictions', values };
}

function locate(body: unknown, { path, output }: EventSettings): Instances | undefined {
  if (path === undefined) return instancesOf(body, output);
  const value = valueAtPath(body, path);
  if (value === undefined) return undefined;
  return { values: Array.isArray(value) ? (value as readonly unknown[]) : [value] };
}

/**
 * Whether an answer is one to a question about the server or the model: KServe's logger logs every request, not
 * inferences alone, and does not tell their path.
 */
function isHealthAnswer(body: unknown): boolean {
  const fields = readRecord(body);
  if (fields === undefined) return false;
  const { ready, live, status, platform, extensions, models } = fields;
  return (
    typeof ready === 'boolean' ||
    typeof live === 'boolean' ||
    status === 'alive' ||
    typeof platform === 'string' ||
    Array.isArray(extensions) ||
    Array.isArray(models)
  );
}
