import type { IncomingMessage, ServerResponse } from 'node:http';
import { drainRequest } from './drain-request.js';
import type { Problem } from './problem.js';
import { requestContext } from './request-context.js';

/** After how long a caller may try again what the service cannot answer now. */
const standardRetrySeconds = 5;

/** What is read of a body that nobody wants any more, so that its sender gets to see the answer. */
const unwantedBody = { bytes: 1024 * 1024, milliseconds: 1000 };

const retryStatuses: ReadonlySet<number> = new Set([429, 503]);

/**
 * Answers with problem details. The connection is closed behind them: Argo Rollouts up to 1.9.1 never closes the
 * body of a non-2xx answer, and so would hold the connection until its timeout. A body that is still coming in is
 * read a little further before, and then cut off.
 */
export function sendProblem(
  request: IncomingMessage,
  response: ServerResponse,
  problem: Problem,
  retryAfterSeconds = standardRetrySeconds,
): void {
  const instance = instanceOf(requestContext(request).id);
  const body = JSON.stringify({ ...problem, instance });
  response.statusCode = problem.status;
  if (retryStatuses.has(problem.status)) response.setHeader('Retry-After', String(retryAfterSeconds));
  response.setHeader('Connection', 'close');
  response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  void drainRequest(request, unwantedBody).then(() => response.end(body));
}

/** What names one occurrence of a problem. */
export function instanceOf(requestId: string): string {
  return `urn:ml-verdict:request:${requestId}`;
}
