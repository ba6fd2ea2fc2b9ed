import type { z } from 'zod';
import { invalidInput } from '../../domain/errors.js';
import { parseWith } from '../../domain/parsing.js';
import type { VerdictFilter } from '../../sources/index.js';
import { callerOf, visibleTo } from '../access/index.js';
import { queryValues } from '../http/query-values.js';
import { withoutEmpty } from '../http/without-empty.js';
import { verdictFilterSchema, verdictPageSchema } from '../schemas/verdict-history.js';
import { problemAnswers } from './problem-answers.js';
import type { Route } from './route.js';
import { verdictRecordAnswer } from './verdict-record-answer.js';

/** The verdicts that were given, newest first. */
export const verdictsRoute: Route = {
  path: '/v1/verdicts',
  head: true,
  scope: 'read',
  pool: 'reads',
  get: {
    operationId: 'listVerdicts',
    summary: 'The history of verdicts, newest first',
    query: verdictFilterSchema,
    answers: {
      200: {
        description: 'A page of the history.',
        contentType: 'application/json',
        schema: verdictPageSchema,
      },
      ...problemAnswers(400, 503),
    },
    handlers: ({ ledger }) => [
      async (request, response) => {
        const page = await ledger.history.list({
          ...readFilter(request.url),
          ...visibleTo(callerOf(request), 'read'),
        });
        const answer: z.input<typeof verdictPageSchema> = {
          verdicts: page.records.map(verdictRecordAnswer),
          nextCursor: page.nextCursor ?? null,
        };
        response.json(answer);
      },
    ],
  },
};

function readFilter(url: string): VerdictFilter {
  const { values, errors } = queryValues(url);
  const parsed = parseWith(verdictFilterSchema, withoutEmpty(values));
  if (!parsed.ok || errors.length > 0) throw invalidInput([...errors, ...(parsed.ok ? [] : parsed.errors)]);
  const { since, until, namespace, model, canary, verdict, limit, cursor } = parsed.value;
  return {
    limit,
    ...(namespace === undefined ? {} : { namespace }),
    ...(model === undefined ? {} : { model }),
    ...(canary === undefined ? {} : { canary }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(since === undefined ? {} : { sinceMs: since }),
    ...(until === undefined ? {} : { untilMs: until }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}
