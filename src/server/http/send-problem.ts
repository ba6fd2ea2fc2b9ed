import type { Request, Response } from 'express';
import type { Problem } from './problem.js';
import { requestContext } from './request-context.js';

/** After how long a caller may try again what the service cannot answer now. */
const retryAfterSeconds = 5;

/**
 * Answers with problem details. The connection is closed behind them: Argo Rollouts up to 1.9.1 never closes the
 * body of a non-2xx answer, and so would hold the connection until its timeout.
 */
export function sendProblem(request: Request, response: Response, problem: Problem): void {
  const instance = `urn:ml-verdict:request:${requestContext(request).id}`;
  if (problem.status === 503) response.set('Retry-After', String(retryAfterSeconds));
  response
    .status(problem.status)
    .set('Connection', 'close')
    .type('application/problem+json')
    .send(JSON.stringify({ ...problem, instance }));
}
