import type { ErrorRequestHandler } from 'express';
import type { Logger } from '../../telemetry/logger.js';
import { problemOf } from './problem.js';
import { requestContext } from './request-context.js';
import { sendProblem } from './send-problem.js';

/** Turns whatever a route threw into problem details; what nobody expected is logged with its stack. */
export function handleErrors(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const answer = problemOf(error);
    const { id, route } = requestContext(request);
    if (answer.status === 500) logger.error({ requestId: id, route, err: error }, 'request failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    sendProblem(request, response, answer);
  };
}
