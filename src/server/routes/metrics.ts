import type { Route } from './route.js';

/** What Prometheus scrapes. */
export const metricsRoute: Route = {
  path: '/metrics',
  head: true,
  scope: 'metrics',
  get: {
    operationId: 'getMetrics',
    summary: 'Metrics in the text format of Prometheus',
    answers: { 200: { description: 'Every metric of the service.', contentType: 'text/plain' } },
    handlers: ({ metrics: { registry } }) => [
      async (_request, response) => {
        response.set('Content-Type', registry.contentType).send(await registry.metrics());
      },
    ],
  },
};
