import type { FieldError } from '../../domain/errors.js';
import { failure, success, type Result } from '../../domain/result.js';
import { formatInstant } from '../../domain/units.js';
import type { ObservationQuery } from '../../sources/observation-source.js';
import type { ObservationArguments } from '../schemas/verdict-arguments.js';

export const defaultNamespace = 'default';

/** Which observations the arguments ask for. Fails where their times do not fit together or lie ahead. */
export function observationQuery(given: ObservationArguments, nowMs: number): Result<ObservationQuery> {
  const { model, canary, stable, namespace = defaultNamespace, since, asOf } = given;
  const errors = [...timeErrors('asOf', asOf, nowMs), ...timeErrors('since', since, nowMs)];
  if (errors.length === 0 && since !== undefined && asOf !== undefined && since > asOf) {
    errors.push({
      path: 'since',
      message: `expected a time at or before asOf ${formatInstant(asOf)}, got a later one`,
    });
  }
  if (stable !== undefined && stable === canary) {
    errors.push({
      path: 'stable',
      message: `expected another version than the canary, got ${JSON.stringify(stable)} for both`,
    });
  }
  if (errors.length > 0) return failure(errors);
  return success({
    namespace,
    model,
    canary,
    ...(stable === undefined ? {} : { stable }),
    asOfMs: asOf ?? nowMs,
    ...(asOf === undefined ? { isNow: true } : {}),
    ...(since === undefined ? {} : { sinceMs: since }),
  });
}

function timeErrors(path: string, timeMs: number | undefined, nowMs: number): FieldError[] {
  if (timeMs === undefined || timeMs <= nowMs) return [];
  return [
    {
      path,
      message: `expected a time that has passed (it is ${formatInstant(nowMs)}), got ${formatInstant(timeMs)}`,
    },
  ];
}
