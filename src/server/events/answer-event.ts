import type { IncomingMessage, ServerResponse } from 'node:http';
import { drainRequest } from '../http/drain-request.js';
import type { Problem } from '../http/problem.js';
import { requestContext } from '../http/request-context.js';
import { instanceOf } from '../http/send-problem.js';

/** What is told of an event that was taken, or let go. */
const bodies = {
  taken: '{"result":"taken"}',
  shed: '{"result":"shed"}',
} as const;

/**
 * Answers 200, whatever became of the event: a logger that is refused, or kept waiting, gains nothing by it.
 * @param cut whether the rest of the request is not read, and its connection ends with the answer
 */
export function answerEvent(
  request: IncomingMessage,
  response: ServerResponse,
  result: keyof typeof bodies,
  cut = false,
): void {
  const body = bodies[result];
  const headers = headersOf(request, 'application/json; charset=utf-8', body);
  if (cut) {
    headers.push('Connection', 'close');
    response.once('finish', () => {
      request.socket.destroySoon();
    });
  }
  response.writeHead(200, headers).end(body);
}

/** What is read of a body that nobody wants any more, so that its sender gets to see the answer. */
const unwantedBody = { bytes: 1024 * 1024, milliseconds: 1000 };

/** Answers with problem details and closes the connection behind them. */
export function answerProblem(
  request: IncomingMessage,
  response: ServerResponse,
  problem: Problem,
  challenge?: string,
): void {
  const body = JSON.stringify({ ...problem, instance: instanceOf(requestContext(request).id) });
  const headers = headersOf(request, 'application/problem+json; charset=utf-8', body);
  headers.push('Connection', 'close');
  if (challenge !== undefined) headers.push('WWW-Authenticate', challenge);
  if (problem.status === 503) headers.push('Retry-After', '5');
  void drainRequest(request, unwantedBody).then(() => {
    response.writeHead(problem.status, headers).end(body);
  });
}

/** A body that is a text goes out in one piece with them. */
function headersOf(request: IncomingMessage, type: string, body: string): string[] {
  return [
    'Content-Type',
    type,
    'Content-Length',
    String(Buffer.byteLength(body)),
    'Cache-Control',
    'no-store',
    'X-Content-Type-Options',
    'nosniff',
    'X-Request-Id',
    requestContext(request).id,
  ];
}
