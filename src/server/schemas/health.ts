import { z } from 'zod';

/** The process is alive. */
export const livenessSchema = z.strictObject({ status: z.literal('ok') });

/** Whether requests should be sent here, and what that hangs on. */
export const readinessSchema = z.strictObject({
  status: z.enum(['ready', 'not-ready']),
  checks: z.strictObject({
    ledger: z.enum(['ok', 'unavailable']).describe('Whether the ledger answers.'),
    stopping: z.boolean().describe('Whether the service is about to stop.'),
  }),
});
