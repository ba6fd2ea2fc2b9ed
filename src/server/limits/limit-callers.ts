import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { sendProblem } from '../http/send-problem.js';
import type { Services } from '../services.js';
import { callerKey } from './caller-rates.js';
import { tooManyRequests } from './too-many-requests.js';

/** Bounds how often one caller may ask: a request beyond that gets 429. */
export function limitCallers({ config, callerRates, metrics }: Services): RequestHandler {
  const { limits } = config;
  const { problem, retryAfterSeconds } = tooManyRequests(config);
  return rateLimit({
    windowMs: limits.callerWindowMs,
    limit: limits.callerRequests,
    store: callerRates.store,
    standardHeaders: false,
    legacyHeaders: false,
    validate: false,
    keyGenerator: callerKey,
    handler: (request, response) => {
      metrics.requestsShed.inc({ reason: 'rate' });
      sendProblem(request, response, problem, retryAfterSeconds);
    },
  });
}
