import type { RequestHandler } from 'express';
import type { Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { clientClosed, recordAnswer } from './record-answer.js';
import { requestContext } from './request-context.js';
import { whenOver } from './when-over.js';

/** Routes that are asked every few seconds by machines. */
const quietRoutes: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** Gives every request its id, and counts and logs its answer. */
export function observeRequests(metrics: Metrics, logger: Logger): RequestHandler {
  const records = { metrics, logger };
  return (request, response, next) => {
    const context = requestContext(request);
    response.set('X-Request-Id', context.id);
    whenOver(request, response, () => {
      const status = response.writableFinished ? response.statusCode : clientClosed;
      recordAnswer(records, request, status, quietRoutes.has(context.route));
    });
    next();
  };
}
