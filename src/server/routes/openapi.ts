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
    handlers: ({ openApi }) => [
      (_request, response) => {
        response.json(openApi);
      },
    ],
  },
};
