import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Problem } from '../http/problem.js';
import { requestContext } from '../http/request-context.js';
import { sendProblem } from '../http/send-problem.js';

/** What is told of an event that was taken, or let go. */
const bodies = {
  taken: '{"result":"taken"}',
  shed: '{"result":"shed"}',
} as const;

/** What every answer has, whatever it says. */
const everyAnswer = ['Cache-Control', 'no-store', 'X-Content-Type-Options', 'nosniff'] as const;

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
  // All at once, and with the body in one piece: that is faster than one by one.
  const headers = [
    ...everyAnswer,
    'Content-Type',
    'application/json; charset=utf-8',
    'Content-Length',
    String(Buffer.byteLength(body)),
    'X-Request-Id',
    requestContext(request).id,
  ];
  if (cut) {
    headers.push('Connection', 'close');
    response.once('finish', () => {
      request.socket.destroySoon();
    });
  }
  response.writeHead(200, headers).end(body);
}

/** What goes with the problem that an event is answered with. */
export interface ProblemDetails {
  /** The `WWW-Authenticate` header. */
  readonly challenge?: string | undefined;
  readonly retryAfterSeconds?: number;
}

/** Answers with problem details and closes the connection behind them. */
export function answerProblem(
  request: IncomingMessage,
  response: ServerResponse,
  problem: Problem,
  { challenge, retryAfterSeconds }: ProblemDetails = {},
): void {
  const [cacheControl, noStore, contentTypeOptions, noSniff] = everyAnswer;
  response.setHeader(cacheControl, noStore);
  response.setHeader(contentTypeOptions, noSniff);
  response.setHeader('X-Request-Id', requestContext(request).id);
  if (challenge !== undefined) response.setHeader('WWW-Authenticate', challenge);
  sendProblem(request, response, problem, retryAfterSeconds);
}
