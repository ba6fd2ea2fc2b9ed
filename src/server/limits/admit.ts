import type { RequestHandler } from 'express';
import { problem } from '../http/problem.js';
import { sendProblem } from '../http/send-problem.js';
import type { Services } from '../services.js';
import type { RequestPool } from './admission.js';

/** Lets a request through while its kind has room; refuses it with 503 before its body is read otherwise. */
export function admit(pool: RequestPool, { admission, config, metrics }: Services): RequestHandler {
  const limit = config.limits[pool];
  return (request, response, next) => {
    const leave = admission.enter(pool, limit);
    if (leave === undefined) {
      metrics.requestsShed.inc({ reason: 'concurrency' });
      const detail = `The service is answering ${limit} requests of this kind already (limits.${pool}); try again.`;
      sendProblem(request, response, problem('overloaded', detail));
      return;
    }
    metrics.requestsInFlight.inc({ pool });
    // Closed: answered, or the client went away.
    response.once('close', () => {
      leave();
      metrics.requestsInFlight.dec({ pool });
    });
    next();
  };
}
