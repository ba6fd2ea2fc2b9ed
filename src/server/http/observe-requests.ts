import type { RequestHandler } from 'express';
import type { Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { idsOf, requestContext } from './request-context.js';

/** Told in place of a status where the client went away before the answer. */
const clientClosed = 499;

/** Routes that are asked every few seconds by machines: logged only at debug. */
const quietRoutes: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** Gives every request its id, counts and times its answer and logs one line of it, without path or query. */
export function observeRequests(metrics: Metrics, logger: Logger): RequestHandler {
  return (request, response, next) => {
    const context = requestContext(request);
    response.set('X-Request-Id', context.id);
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : clientClosed;
      const seconds = (performance.now() - context.startedMs) / 1000;
      const labels = { route: context.route, method: methodLabel(request.method) };
      metrics.httpRequests.inc({ ...labels, status });
      metrics.httpSeconds.observe(labels, seconds);
      const line = { ...idsOf(context), ...labels, status, seconds: Number(seconds.toFixed(4)) };
      if (quietRoutes.has(context.route)) logger.debug(line, 'request');
      else logger.info(line, 'request');
    });
    next();
  };
}

const countedMethods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
]);

function methodLabel(method: string): string {
  return countedMethods.has(method) ? method : 'other';
}
