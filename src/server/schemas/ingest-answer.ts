import { z } from 'zod';

/** What an ingest route answers: lines that are refused do not keep the others back. */
export const ingestAnswerSchema = z.strictObject({
  accepted: z.int().describe('Lines that were counted, durably.'),
  refused: z
    .array(
      z.strictObject({
        line: z.int().describe('From 1; in a JSON array the position of the element.'),
        field: z.string().describe('Empty where the whole line is meant.'),
        reason: z.string(),
      }),
    )
    .describe('Lines that were not.'),
  duplicate: z
    .boolean()
    .describe('The idempotency key was known: nothing was counted now, the first answer is repeated.'),
});
