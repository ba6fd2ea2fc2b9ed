import type { IncomingMessage } from 'node:http';
import type { Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { idsOf, requestContext } from './request-context.js';

/** Told in place of a status where the client went away before the answer. */
export const clientClosed = 499;

/** Where answers are told. */
export interface AnswerRecords {
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * Counts and times an answer and logs one line of it, without path or query.
 * @param isQuiet whether machines ask it all the time: then it is logged only at debug
 */
export function recordAnswer(
  { metrics, logger }: AnswerRecords,
  request: IncomingMessage,
  status: number,
  isQuiet: boolean,
): void {
  const context = requestContext(request);
  const seconds = (performance.now() - context.startedMs) / 1000;
  const labels = { route: context.route, method: methodLabel(request.method ?? '') };
  metrics.httpRequests.inc({ ...labels, status });
  metrics.httpSeconds.observe(labels, seconds);
  const level = isQuiet ? 'debug' : 'info';
  if (!logger.isLevelEnabled(level)) return;
  logger[level]({ ...idsOf(context), ...labels, status, seconds: Number(seconds.toFixed(4)) }, 'request');
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
