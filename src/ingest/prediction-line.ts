import { z } from 'zod';
import { suggestName } from '../domain/nearest-name.js';
import { defaultSeries } from '../domain/observations.js';
import type { PredictionValue, ServedRequest } from '../sources/index.js';
import {
  checkName,
  checkOptionalId,
  checkOptionalName,
  idSchema,
  instantSchema,
  isName,
  nameSchema,
  readInstant,
  readRecord,
  typeOf,
  unexpected,
  type LineProblem,
  type TimeWindow,
} from './line-fields.js';

/** The namespace of events that name none. */
export const defaultNamespace = 'default';

const predictionSchema = z.union([z.number(), nameSchema]);

/** One line of `POST /v1/predictions`: one request that a version of a model has served. */
export const predictionLineSchema = z
  .strictObject({
    namespace: nameSchema.optional().describe('absent: default'),
    model: nameSchema,
    version: nameSchema.describe('the build of the model that served the request'),
    at: instantSchema.optional().describe('when it was served; absent: when the line arrived'),
    id: idSchema.optional().describe('joins later outcomes to this prediction; kept as a hash'),
    status: z.int().min(100).max(599).optional().describe('HTTP status; 500 and above is an error'),
    error: z.boolean().optional().describe('true: the request failed, whatever its status'),
    latencyMs: z.number().min(0).optional().describe('time of the request in milliseconds'),
    prediction: z
      .union([predictionSchema, z.record(nameSchema, predictionSchema)])
      .optional()
      .describe('a score or a label, or several of them by the name of the output'),
  })
  .describe('One request that a version of a model has served.');

const fields: readonly string[] = Object.keys(predictionLineSchema.shape);
const fieldSet: ReadonlySet<string> = new Set(fields);
const noPredictions: ReadonlyMap<string, PredictionValue> = new Map();

/** The request of a line, or why it is refused. An unknown field comes first: it is often a known one, misspelt. */
export function readPredictionLine(value: unknown, window: TimeWindow): ServedRequest | LineProblem {
  const line = readRecord(value);
  if (line === undefined) return unexpected('', 'an object', value, false);
  for (const field of Object.keys(line)) {
    if (!fieldSet.has(field)) {
      return { field, reason: `unknown field; ${suggestName(field, fields)}` };
    }
  }
  const { namespace, model, version, id, status, error, latencyMs, prediction } = line;
  const problem =
    checkOptionalName('namespace', namespace) ??
    checkName('model', model) ??
    checkName('version', version) ??
    checkOptionalId(id) ??
    checkStatus(status) ??
    checkError(error) ??
    checkLatency(latencyMs);
  if (problem !== undefined) return problem;
  const atMs = readInstant(line['at'], window);
  if (typeof atMs !== 'number') return atMs;
  const predictions = readPredictions(prediction);
  if ('reason' in predictions) return predictions;
  return {
    namespace: (namespace ?? defaultNamespace) as string,
    model: model as string,
    version: version as string,
    atMs,
    failed: error === true || (typeof status === 'number' && status >= 500),
    ...(id === undefined ? {} : { id: id as string }),
    ...(latencyMs === undefined ? {} : { latencyMs: latencyMs as number }),
    predictions,
  };
}

function checkStatus(value: unknown): LineProblem | undefined {
  if (value === undefined) return undefined;
  const valid = typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 599;
  return valid ? undefined : unexpected('status', 'an HTTP status from 100 to 599', value);
}

function checkError(value: unknown): LineProblem | undefined {
  if (value === undefined || typeof value === 'boolean') return undefined;
  return unexpected('error', 'true or false', value, false);
}

function checkLatency(value: unknown): LineProblem | undefined {
  if (value === undefined) return undefined;
  const valid = typeof value === 'number' && value >= 0 && Number.isFinite(value);
  return valid ? undefined : unexpected('latencyMs', 'a number of milliseconds, 0 or more', value);
}

function isPrediction(value: unknown): value is PredictionValue {
  return typeof value === 'number' ? Number.isFinite(value) : isName(value);
}

function readPredictions(value: unknown): ReadonlyMap<string, PredictionValue> | LineProblem {
  if (value === undefined) return noPredictions;
  if (isPrediction(value)) return new Map([[defaultSeries, value]]);
  const outputs = readRecord(value);
  if (outputs === undefined) return notPredicted('prediction', value);
  const predictions = new Map<string, PredictionValue>();
  for (const [name, output] of Object.entries(outputs)) {
    if (!isName(name)) return unexpected('prediction', 'names of outputs of 1 to 253 characters', name);
    if (!isPrediction(output)) return notPredicted(`prediction.${name}`, output);
    predictions.set(name, output);
  }
  return predictions;
}

/** The value of a prediction is payload: only its type is told. */
function notPredicted(field: string, value: unknown): LineProblem {
  const got = typeof value === 'string' ? 'an empty, too long or unprintable text' : typeOf(value);
  return { field, reason: `expected a finite number or a label of 1 to 253 characters, got ${got}` };
}
