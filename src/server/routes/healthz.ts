import { livenessSchema } from '../schemas/health.js';
import type { Route } from './route.js';

/** Liveness: the process answers. Nothing else is asked, so that a database that is down restarts nobody. */
export const healthzRoute: Route = {
  path: '/healthz',
  head: true,
  scope: 'open',
  get: {
    operationId: 'getHealth',
    summary: 'Whether the process is alive',
    answers: { 200: { description: 'It is.', contentType: 'application/json', schema: livenessSchema } },
    handlers: () => [
      (_request, response) => {
        response.json({ status: 'ok' });
      },
    ],
  },
};
