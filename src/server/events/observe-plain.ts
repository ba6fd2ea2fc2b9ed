import type { IncomingMessage } from 'node:http';
import type { Metrics } from '../../telemetry/metrics.js';
import { requestContext } from '../http/request-context.js';

/** Counts and times a POST that was answered without express, as `observeRequests` does behind it. */
export function observePlain(metrics: Metrics, request: IncomingMessage, status: number): void {
  const { route, startedMs } = requestContext(request);
  const labels = { route, method: 'POST' };
  metrics.httpRequests.inc({ ...labels, status });
  metrics.httpSeconds.observe(labels, (performance.now() - startedMs) / 1000);
}
