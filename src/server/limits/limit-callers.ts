import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Config } from '../../config/config.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { problem } from '../http/problem.js';
import { requestContext } from '../http/request-context.js';
import { sendProblem } from '../http/send-problem.js';

/**
 * Bounds how often one caller may ask: by the name of its token where it has one, else by the address that it
 * connects from (an IPv6 network of 56 bits counts as one). What a proxy says of other addresses is not believed.
 */
export function limitCallers({ limits }: Config, metrics: Metrics): RequestHandler {
  return rateLimit({
    windowMs: limits.callerWindowMs,
    limit: limits.callerRequests,
    standardHeaders: false,
    legacyHeaders: false,
    validate: false,
    keyGenerator: (request) => {
      const { caller } = requestContext(request);
      return caller === undefined
        ? `address ${ipKeyGenerator(request.socket.remoteAddress ?? '')}`
        : `caller ${caller}`;
    },
    handler: (request, response) => {
      metrics.requestsShed.inc({ reason: 'rate' });
      const seconds = limits.callerWindowMs / 1000;
      const detail = `This caller has sent more than ${limits.callerRequests} requests within ${seconds} s (limits.callerRequests); wait.`;
      sendProblem(request, response, problem('too-many-requests', detail), Math.ceil(seconds));
    },
  });
}
