import { z } from 'zod';
import { suggestName } from '../domain/nearest-name.js';
import { defaultSeries } from '../domain/observations.js';
import type { OutcomeEvent } from '../sources/index.js';
import {
  checkName,
  checkOptionalId,
  checkOptionalName,
  idSchema,
  instantSchema,
  maximumOutcome,
  nameSchema,
  readInstant,
  readRecord,
  unexpected,
  type LineProblem,
  type TimeWindow,
} from './line-fields.js';
import { defaultNamespace } from './prediction-line.js';

const versionExpected = 'a version, or the id of the prediction';

/** One line of `POST /v1/outcomes`: what became of one prediction. */
export const outcomeLineSchema = z
  .strictObject({
    namespace: nameSchema.optional().describe('absent: default'),
    model: nameSchema,
    version: nameSchema.optional().describe('needed where no id is given'),
    id: idSchema.optional().describe('the id of the prediction, in whose look the outcome counts'),
    name: nameSchema.optional().describe('of the outcome, where a model has several; absent: default'),
    at: instantSchema.optional().describe('when it came about; absent: when the line arrived'),
    value: z
      .union([z.number().min(-maximumOutcome).max(maximumOutcome), z.boolean()])
      .describe('true counts as 1, false as 0; exposures without success have to be sent as well'),
  })
  .refine((line) => line.version !== undefined || line.id !== undefined, {
    path: ['version'],
    error: versionExpected,
  })
  .describe('What became of one prediction.');

const fields: readonly string[] = Object.keys(outcomeLineSchema.shape);
const fieldSet: ReadonlySet<string> = new Set(fields);

/** The outcome of a line, or why it is refused. An unknown field comes first: it is often a known one, misspelt. */
export function readOutcomeLine(value: unknown, window: TimeWindow): OutcomeEvent | LineProblem {
  const line = readRecord(value);
  if (line === undefined) return unexpected('', 'an object', value, false);
  for (const field of Object.keys(line)) {
    if (!fieldSet.has(field)) {
      return { field, reason: `unknown field; ${suggestName(field, fields)}` };
    }
  }
  const { namespace, model, version, id, name } = line;
  const problem =
    checkOptionalName('namespace', namespace) ??
    checkName('model', model) ??
    checkOptionalName('version', version) ??
    checkOptionalId(id) ??
    (version === undefined && id === undefined
      ? unexpected('version', versionExpected, undefined)
      : undefined) ??
    checkOptionalName('name', name);
  if (problem !== undefined) return problem;
  const atMs = readInstant(line['at'], window);
  if (typeof atMs !== 'number') return atMs;
  const outcome = readValue(line['value']);
  if (typeof outcome !== 'number') return outcome;
  return {
    namespace: (namespace ?? defaultNamespace) as string,
    model: model as string,
    ...(version === undefined ? {} : { version: version as string }),
    ...(id === undefined ? {} : { id: id as string }),
    name: (name ?? defaultSeries) as string,
    atMs,
    value: outcome,
  };
}

/** The value of an outcome is payload: only its type is told. */
function readValue(value: unknown): number | LineProblem {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' && Math.abs(value) <= maximumOutcome) return value;
  const expected = `a number of at most ${maximumOutcome} in size, or true or false`;
  return unexpected('value', expected, value, false);
}
