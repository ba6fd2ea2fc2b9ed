import { parseFraction, parseNumber, parseSeconds } from '../../domain/units.js';
import { isRecord } from '../cluster/read-object.js';
import { durationPattern, leastSeconds, longestDuration } from './duration-schema.js';

type Fields = Readonly<Record<string, unknown>>;

const durations = Object.keys(leastSeconds);
const duration = new RegExp(durationPattern);

/**
 * A ModelRollout in the one way that an API server takes, where people may write several: a stage as its percentage alone, parts
 * of a second as a number, a confidence with a percent sign. All else stays as it is, what is not in order as well.
 */
export function canonicalRollout<Written extends Fields>(object: Written): Written {
  const { spec } = object;
  if (!isRecord(spec)) return object;
  const { stages, run } = spec;
  return {
    ...object,
    spec: {
      ...withDurations(spec),
      ...(run === undefined ? {} : { run: plainNumber(run) }),
      ...(Array.isArray(stages) ? { stages: stages.map(canonicalStage) } : {}),
    },
  };
}

function canonicalStage(stage: unknown): unknown {
  if (!isRecord(stage)) return { percent: plainNumber(stage) };
  const { percent, confidence } = stage;
  return {
    ...withDurations(stage),
    ...(percent === undefined ? {} : { percent: plainNumber(percent) }),
    ...(confidence === undefined ? {} : { confidence: share(confidence) }),
  };
}

function withDurations(fields: Fields): Fields {
  const given = durations.filter((name) => fields[name] !== undefined);
  return { ...fields, ...Object.fromEntries(given.map((name) => [name, span(fields[name])])) };
}

function span(value: unknown): unknown {
  if (typeof value !== 'number' && typeof value !== 'string') return value;
  if (Number.isInteger(value)) return value;
  if (typeof value === 'string' && value.length <= longestDuration && duration.test(value)) return value;
  const seconds = parseSeconds(value);
  if (typeof seconds !== 'number') return value;
  return Number.isInteger(seconds) ? seconds : `${Math.round(seconds * 1000)}ms`;
}

function plainNumber(value: unknown): unknown {
  const parsed = typeof value === 'string' ? parseNumber(value) : value;
  return typeof parsed === 'number' ? parsed : value;
}

function share(value: unknown): unknown {
  const plain = plainNumber(value);
  if (typeof plain === 'number' || typeof value !== 'string') return plain;
  const parsed = parseFraction(value);
  return typeof parsed === 'number' ? parsed : value;
}
