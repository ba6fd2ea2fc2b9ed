import { parseWith } from '../../domain/parsing.js';
import { failure, success, type Result } from '../../domain/result.js';
import type { ObservationQuery } from '../../sources/observation-source.js';
import type { QueryValues } from '../http/query-values.js';
import { verdictArgumentsSchema, type VerdictArguments } from '../schemas/verdict-arguments.js';
import { splitArguments, type SplitArguments } from './split-arguments.js';
import { observationQuery } from './subject.js';

/** A question as it was understood: what to observe, and how to judge it. */
export interface VerdictRequest {
  readonly query: ObservationQuery;
  readonly given: VerdictArguments;
  readonly settings: Pick<SplitArguments, 'flat' | 'byGuardrail'>;
}

/** Reads the arguments of a verdict. Fails with every one that is wrong: its path and what was expected. */
export function parseVerdictRequest({ values, errors }: QueryValues, nowMs: number): Result<VerdictRequest> {
  const split = splitArguments(values);
  const given = parseWith(verdictArgumentsSchema, split.named);
  const wrong = [...errors, ...(given.ok ? [] : given.errors), ...split.errors];
  if (!given.ok) return failure(wrong);
  const query = observationQuery(given.value, nowMs);
  if (!query.ok) return failure([...wrong, ...query.errors]);
  return wrong.length > 0
    ? failure(wrong)
    : success({ query: query.value, given: given.value, settings: split });
}
