import { invalidInput } from '../../domain/errors.js';
import { callerOf } from '../access/index.js';
import { jsonObjectBody, readBody } from '../http/json-object-body.js';
import { queryValues } from '../http/query-values.js';
import { Planner } from '../plan/planner.js';
import { readPlanRequest } from '../plan/read-plan-request.js';
import { planRequestSchema } from '../schemas/plan-request.js';
import { planSchema } from '../schemas/plan.js';
import { problemAnswers } from './problem-answers.js';
import type { Route } from './route.js';

/** How long until a verdict: the judge on hypothetical canaries. */
export const planRoute: Route = {
  path: '/v1/plan',
  head: false,
  scope: 'read',
  pool: 'reads',
  post: {
    operationId: 'postPlan',
    summary: 'How long until a verdict at some traffic?',
    description:
      'Lets the judge answer on hypothetical canaries: how many requests and minutes until a healthy one is promoted and a faulty one rolled back, at the median and for 95 of 100, by guardrail and combined. Every argument may be a text, an empty one counts as absent. Settings of a guardrail are given as `error-rate.promoteBelow` or below `guardrails`.',
    body: {
      description: 'The arguments; the Content-Type does not matter.',
      content: { 'application/json': planRequestSchema },
    },
    answers: {
      200: { description: 'The plan.', contentType: 'application/json', schema: planSchema },
      ...problemAnswers(400, 413, 415, 503),
    },
    handlers: ({ config }) => {
      const planner = new Planner();
      return [
        readBody(config.server.verdictBodyLimitBytes),
        async (request, response) => {
          const misplaced = Object.keys(queryValues(request.url).values);
          const read = readPlanRequest(
            config,
            jsonObjectBody(request, '{"requestsPerSecond": 50, "weight": 5}'),
            callerOf(request),
          );
          const errors = [
            ...misplaced.map((path) => ({
              path: path.slice(0, 80),
              message: 'expected in the body of a POST, got it in the query',
            })),
            ...(read.ok ? [] : read.errors),
          ];
          if (!read.ok || errors.length > 0) throw invalidInput(errors);
          const plan = await planner.make(read.value, () => !response.destroyed);
          if (plan !== undefined) response.json(plan);
        },
      ];
    },
  },
};
