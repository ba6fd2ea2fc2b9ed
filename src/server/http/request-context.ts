import type { IncomingMessage } from 'node:http';
import { requestIdFrom } from '../../telemetry/request-id.js';

/** What the service knows of a request beside the request itself. */
export interface RequestContext {
  readonly id: string;
  readonly startedMs: number;
  /** The route pattern, once one matched: the only form of the path that may go into metrics and logs. */
  route: string;
}

/** The route of requests that no route took. */
export const unmatchedRoute = 'unmatched';

const contexts = new WeakMap<IncomingMessage, RequestContext>();

/** The context of a request, made at the first call. */
export function requestContext(request: IncomingMessage): RequestContext {
  const known = contexts.get(request);
  if (known !== undefined) return known;
  const context: RequestContext = {
    id: requestIdFrom(request.headers['x-request-id']),
    startedMs: performance.now(),
    route: unmatchedRoute,
  };
  contexts.set(request, context);
  return context;
}
