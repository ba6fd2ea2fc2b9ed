import type { z } from 'zod';
import type { Ledger } from '../../sources/index.js';
import type { Logger } from '../../telemetry/logger.js';
import { failureCause } from '../http/failure-cause.js';
import { idsOf, requestContext, type RequestIds } from '../http/request-context.js';
import { readinessSchema } from '../schemas/health.js';
import { withDeadline } from '../verdict/deadline.js';
import type { Route } from './route.js';

/** How long the ledger may take to answer; probes wait a second by default. */
const pingDeadlineMs = 800;

/**
 * Readiness: the service is not about to stop. A ledger that is away is shown and changes nothing: a service that
 * nobody reaches cannot answer `hold`, and Argo Rollouts would abort a healthy canary over the errors.
 */
export const readyzRoute: Route = {
  path: '/readyz',
  head: true,
  scope: 'open',
  get: {
    operationId: 'getReadiness',
    summary: 'Whether requests should be sent here',
    answers: {
      200: { description: 'Ready.', contentType: 'application/json', schema: readinessSchema },
      503: {
        description: 'Not ready; `checks` says why.',
        contentType: 'application/json',
        schema: readinessSchema,
      },
    },
    handlers: ({ ledger, isStopping, logger }) => [
      async (request, response) => {
        const checks = {
          ledger: await pingLedger(ledger, logger, idsOf(requestContext(request))),
          stopping: isStopping(),
        };
        const answer: z.input<typeof readinessSchema> = {
          status: checks.stopping ? 'not-ready' : 'ready',
          checks,
        };
        response.status(checks.stopping ? 503 : 200).json(answer);
      },
    ],
  },
};

async function pingLedger(ledger: Ledger, logger: Logger, ids: RequestIds): Promise<'ok' | 'unavailable'> {
  try {
    await withDeadline(pingDeadlineMs, () => ledger.ping());
    return 'ok';
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    logger.warn({ ...ids, reason, cause: failureCause(error) }, 'the ledger does not answer');
    return 'unavailable';
  }
}
