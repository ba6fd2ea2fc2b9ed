import { invalidInput, VerdictError } from '../../domain/errors.js';
import { observationsFileSchema, observationsToFile } from '../../domain/observations-file.js';
import { parseWith } from '../../domain/parsing.js';
import type { ObservationAnswer, ObservationQuery } from '../../sources/observation-source.js';
import { callerOf, refuse, withVisibleNames } from '../access/index.js';
import { withoutEmpty } from '../http/without-empty.js';
import { queryValues } from '../http/query-values.js';
import { observationArgumentsSchema } from '../schemas/verdict-arguments.js';
import { withDeadline } from '../verdict/deadline.js';
import { unknownName } from '../verdict/evaluate.js';
import { observationQuery } from '../verdict/subject.js';
import { problemAnswers } from './problem-answers.js';
import type { Route } from './route.js';

/** The looks that a verdict would be made from: `ml-verdict judge` on the answer gives the same verdict. */
export const observationsRoute: Route = {
  path: '/v1/observations',
  head: true,
  scope: 'read',
  pool: 'reads',
  get: {
    operationId: 'getObservations',
    summary: 'The looks that a verdict would be made from, as an observations file',
    query: observationArgumentsSchema,
    answers: {
      200: {
        description: 'An observations file.',
        contentType: 'application/json',
        schema: observationsFileSchema,
      },
      ...problemAnswers(400, 404, 503),
    },
    handlers: (services) => [
      async (request, response) => {
        const { sources, now, config } = services;
        const query = readQuery(request.url, now());
        const caller = callerOf(request);
        if (!caller.may('read', query.namespace, query.model)) {
          refuse(request, response, 'other-model', 'read', services);
          return;
        }
        const answer = await withDeadline(config.server.verdictDeadlineMs, (signal) =>
          sources.of(query.namespace, query.model).observe(query, signal),
        );
        const visible = withVisibleNames(answer, query.namespace, caller, 'read');
        response.json(observationsToFile(observationsOf(query, visible)));
      },
    ],
  },
};

function readQuery(url: string, nowMs: number): ObservationQuery {
  const { values, errors } = queryValues(url);
  const given = parseWith(observationArgumentsSchema, withoutEmpty(values));
  const query = given.ok ? observationQuery(given.value, nowMs) : given;
  if (!query.ok) throw invalidInput([...errors, ...query.errors]);
  if (errors.length > 0) throw invalidInput(errors);
  return query.value;
}

function observationsOf(query: ObservationQuery, answer: ObservationAnswer) {
  switch (answer.kind) {
    case 'observations':
      return answer.observations;
    case 'unknown-model':
    case 'unknown-version':
      throw new VerdictError('not-found', unknownName(query, answer).text);
    case 'partial':
    case 'unavailable':
      throw new VerdictError('unavailable', answer.reason);
  }
}
