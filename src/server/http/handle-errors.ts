import type { ErrorRequestHandler } from 'express';
import { VerdictError } from '../../domain/errors.js';
import type { Logger } from '../../telemetry/logger.js';
import { failureCause } from './failure-cause.js';
import { problemOf } from './problem.js';
import { idsOf, requestContext } from './request-context.js';
import { sendProblem } from './send-problem.js';

/**
 * Turns whatever a route threw into problem details. Every failure of our own is logged: one that nobody expected
 * with its stack, a service that cannot answer now with the code of its cause.
 */
export function handleErrors(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const answer = problemOf(error);
    const context = requestContext(request);
    const ids = { ...idsOf(context), route: context.route };
    if (error instanceof VerdictError && error.code === 'unavailable') {
      const line = { ...ids, reason: error.message, cause: failureCause(error) };
      logger.warn(line, 'the service cannot answer now');
    } else if (answer.status >= 500) {
      logger.error({ ...ids, err: error }, 'request failed');
    }
    if (response.headersSent) {
      next(error);
      return;
    }
    sendProblem(request, response, answer);
  };
}
