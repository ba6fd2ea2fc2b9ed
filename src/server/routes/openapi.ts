import type { Route } from './route.js';

/** The description of every route, made from the schemas that check requests and answers. */
export const openApiRoute: Route = {
  path: '/openapi.json',
  head: true,
  scope: 'open',
  get: {
    operationId: 'getOpenApi',
    summary: 'This document',
    answers: { 200: { description: 'An OpenAPI 3.1 document.', contentType: 'application/json' } },
    handlers: ({ openApi }) => {
      // Once for all who ask: it is a large document.
      const json = JSON.stringify(openApi);
      return [
        (_request, response) => {
          response.type('application/json').send(json);
        },
      ];
    },
  },
};
