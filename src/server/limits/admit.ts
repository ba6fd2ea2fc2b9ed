import type { RequestHandler } from 'express';
import { problem } from '../http/problem.js';
import { sendProblem } from '../http/send-problem.js';
import { whenOver } from '../http/when-over.js';
import type { Services } from '../services.js';
import type { RequestPool } from './admission.js';
import { callerKey } from './caller-rates.js';

/** Lets a request through while its kind has room; refuses it with 503 before its body is read otherwise. */
export function admit(pool: RequestPool, { admission, config, metrics }: Services): RequestHandler {
  const limit = config.limits[pool];
  return (request, response, next) => {
    const leave = admission.enter(pool, limit, callerKey(request));
    if (typeof leave === 'string') {
      metrics.requestsShed.inc({ reason: 'concurrency' });
      const detail =
        leave === 'all-taken'
          ? `The service is answering ${limit} requests of this kind already (limits.${pool}); try again.`
          : `This caller has three quarters of the ${limit} requests of this kind that are answered at a time (limits.${pool}); try again.`;
      sendProblem(request, response, problem('overloaded', detail));
      return;
    }
    metrics.requestsInFlight.inc({ pool });
    whenOver(request, response, () => {
      leave();
      metrics.requestsInFlight.dec({ pool });
    });
    next();
  };
}
