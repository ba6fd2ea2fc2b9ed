import { z } from 'zod';
import { VerdictError } from '../../domain/errors.js';
import { quote } from '../../domain/parsing.js';
import { callerOf, visibleTo } from '../access/index.js';
import { verdictRecordSchema } from '../schemas/verdict-history.js';
import { problemAnswers } from './problem-answers.js';
import type { Route } from './route.js';
import { verdictRecordAnswer } from './verdict-record-answer.js';

/** One verdict of the history. */
export const verdictByIdRoute: Route = {
  path: '/v1/verdicts/:id',
  head: true,
  scope: 'read',
  pool: 'reads',
  get: {
    operationId: 'getVerdictById',
    summary: 'One verdict of the history',
    path: z.strictObject({ id: z.string().describe('The id of a verdict document.') }),
    answers: {
      200: {
        description: 'The verdict as it was given.',
        contentType: 'application/json',
        schema: verdictRecordSchema,
      },
      ...problemAnswers(400, 404, 503),
    },
    handlers: ({ ledger }) => [
      async (request, response) => {
        const id = String(request.params['id']);
        const record = await ledger.history.find(id, visibleTo(callerOf(request), 'read').visible);
        if (record === undefined)
          throw new VerdictError('not-found', `There is no verdict with the id ${quote(id)}.`);
        response.json(verdictRecordAnswer(record));
      },
    ],
  },
};
