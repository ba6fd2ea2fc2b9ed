import type { IncomingMessage } from 'node:http';
import { traceIdFrom } from '../../telemetry/trace-id.js';
import { requestIdFrom } from '../../telemetry/request-id.js';

/** What the service knows of a request beside the request itself. */
export interface RequestContext {
  readonly id: string;
  /** Of the trace that the caller takes part in. */
  readonly traceId?: string;
  readonly startedMs: number;
  /** The route pattern, once one matched: the only form of the path that may go into metrics and logs. */
  route: string;
  /** The name of whoever asks, once its credentials have been found right. */
  caller?: string;
}

/** The route of requests that no route took. */
export const unmatchedRoute = 'unmatched';

const contexts = new WeakMap<IncomingMessage, RequestContext>();

/** The context of a request, made at the first call. */
export function requestContext(request: IncomingMessage): RequestContext {
  const known = contexts.get(request);
  if (known !== undefined) return known;
  const traceId = traceIdFrom(request.headers['traceparent']);
  const context: RequestContext = {
    id: requestIdFrom(request.headers['x-request-id']),
    ...(traceId === undefined ? {} : { traceId }),
    startedMs: performance.now(),
    route: unmatchedRoute,
  };
  contexts.set(request, context);
  return context;
}

/** What every log line about a request begins with. */
export interface RequestIds {
  readonly requestId: string;
  readonly traceId?: string;
  readonly caller?: string;
}

export function idsOf({ id, traceId, caller }: RequestContext): RequestIds {
  return {
    requestId: id,
    ...(traceId === undefined ? {} : { traceId }),
    ...(caller === undefined ? {} : { caller }),
  };
}
