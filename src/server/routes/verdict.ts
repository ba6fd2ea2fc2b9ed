import type { Request, RequestHandler } from 'express';
import { callerOf, refuse } from '../access/index.js';
import { jsonObjectBody, readBody } from '../http/json-object-body.js';
import { queryValues } from '../http/query-values.js';
import { idsOf, requestContext } from '../http/request-context.js';
import { verdictDocumentSchema } from '../schemas/verdict-document.js';
import { verdictQuerySchema, verdictRequestSchema } from '../schemas/verdict-request.js';
import type { Services } from '../services.js';
import type { AskedQuestion } from '../verdict/verdict-question.js';
import { problemAnswers } from './problem-answers.js';
import type { Operation, Route } from './route.js';

const description =
  'Answers 200 with a verdict document for every JSON object (or query string). What is wrong with the question, an unknown name or a source that is down is a `hold` with its reason, so that our own mistakes never abort a healthy canary. Every argument may be a text, an empty one counts as absent. Settings of a guardrail are given flat beside `guardrail` (`promoteBelow`), as `error-rate.promoteBelow`, or in a body below `guardrails`.';

const answers: Operation['answers'] = {
  200: {
    description: 'The verdict, or a hold with the reason why there is none.',
    contentType: 'application/json',
    schema: verdictDocumentSchema,
  },
};

/** The question that Argo Rollouts asks. An empty answer to HEAD would read as success there, so it is refused. */
export const verdictRoute: Route = {
  path: '/v1/verdict',
  head: false,
  scope: 'verdict',
  pool: 'verdicts',
  get: {
    operationId: 'getVerdict',
    summary: 'Is this canary good enough?',
    description,
    query: verdictQuerySchema,
    answers,
    handlers: (services) => [answerVerdict(services, askedByGet)],
  },
  post: {
    operationId: 'postVerdict',
    summary: 'Is this canary good enough?',
    description,
    body: {
      description: 'The arguments; the Content-Type does not matter.',
      content: { 'application/json': verdictRequestSchema },
    },
    answers: { ...answers, ...problemAnswers(400, 413, 415) },
    handlers: (services) => [
      readBody(services.config.server.verdictBodyLimitBytes),
      answerVerdict(services, askedByPost),
    ],
  },
};

function answerVerdict(services: Services, asked: (request: Request) => AskedQuestion): RequestHandler {
  return async (request, response) => {
    const ids = idsOf(requestContext(request));
    const given = await services.verdicts.answer(asked(request), callerOf(request), ids);
    if (given === undefined) {
      refuse(request, response, 'other-model', 'verdict', services);
      return;
    }
    const { json } = given;
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.setHeader('Content-Length', json.length);
    response.end(json);
  };
}

function askedByGet({ url }: Request): AskedQuestion {
  return { text: `GET ${url}`, read: () => queryValues(url) };
}

/** The body; arguments in the query as well would be overlooked silently, so they are errors. */
function askedByPost(request: Request): AskedQuestion {
  const body: unknown = request.body;
  return {
    text: `POST ${request.url} ${Buffer.isBuffer(body) ? body.toString('latin1') : ''}`,
    read: () => {
      const inQuery = Object.keys(queryValues(request.url).values);
      return {
        values: jsonObjectBody(request),
        errors: inQuery.map((path) => ({
          path: path.slice(0, 80),
          message: 'expected in the body of a POST, got it in the query',
        })),
      };
    },
  };
}
