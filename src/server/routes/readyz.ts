import type { z } from 'zod';
import type { Ledger } from '../../sources/index.js';
import { readinessSchema } from '../schemas/health.js';
import { withDeadline } from '../verdict/deadline.js';
import type { Route } from './route.js';

/** How long the ledger may take to answer; probes wait a second by default. */
const pingDeadlineMs = 800;

/** Readiness: the ledger is open and the service is not about to stop. */
export const readyzRoute: Route = {
  path: '/readyz',
  head: true,
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
    handlers: ({ ledger, isStopping }) => [
      async (_request, response) => {
        const checks = { ledger: await pingLedger(ledger), stopping: isStopping() };
        const ready = checks.ledger === 'ok' && !checks.stopping;
        const answer: z.input<typeof readinessSchema> = { status: ready ? 'ready' : 'not-ready', checks };
        response.status(ready ? 200 : 503).json(answer);
      },
    ],
  },
};

async function pingLedger(ledger: Ledger): Promise<'ok' | 'unavailable'> {
  try {
    await withDeadline(pingDeadlineMs, () => ledger.ping());
    return 'ok';
  } catch {
    return 'unavailable';
  }
}
