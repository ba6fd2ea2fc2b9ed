import { problemSchema } from '../schemas/problem.js';
import type { RouteAnswer } from './route.js';

const meanings: Readonly<Record<number, string>> = {
  400: 'The request cannot be used; each wrong field is named.',
  401: 'The service does not know who asks.',
  403: 'The caller may not do this, or not with this model.',
  404: 'There is no such thing.',
  413: 'The body is larger than this route takes.',
  415: 'The content encoding is not supported.',
  422: 'The idempotency key was used for another body.',
  429: 'The caller asks too often; `Retry-After` says when to ask again.',
  503: 'The service cannot answer now, or has too much to do; `Retry-After` says when to ask again.',
};

/** The answers of an operation that are problem details, by status. */
export function problemAnswers(...statuses: readonly number[]): Readonly<Record<number, RouteAnswer>> {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: meanings[status] ?? '',
        contentType: 'application/problem+json',
        schema: problemSchema,
      },
    ]),
  );
}
