import { z } from 'zod';
import { instantField, nameField, wholeNumberField } from '../../domain/fields.js';
import { verdicts } from '../../domain/verdict.js';
import { verdictDocumentSchema } from './verdict-document.js';

/** The largest page of the history. */
const maximumPage = 500;

/** Filters of the history; everything that is given has to hold. */
export const verdictFilterSchema = z.strictObject({
  namespace: nameField().optional(),
  model: nameField().optional(),
  canary: nameField().optional().describe('The judged version.'),
  verdict: z.enum(verdicts).optional(),
  since: instantField().optional().describe('Given at this time or later.'),
  until: instantField().optional().describe('Given before this time.'),
  limit: wholeNumberField({ min: 1, max: maximumPage }, `a whole number from 1 to ${maximumPage}`)
    .prefault(50)
    .describe('At most so many.'),
  cursor: z.string().min(1).max(200).optional().describe('`nextCursor` of the page before.'),
});

/** A verdict as the history keeps it. */
export const verdictRecordSchema = z.strictObject({
  namespace: z.string(),
  step: z.string().optional().describe('The step of the rollout that asked.'),
  recordedAt: z.string().describe('When it was first given.'),
  document: verdictDocumentSchema,
});

/** A page of the history, newest first. */
export const verdictPageSchema = z.strictObject({
  verdicts: z.array(verdictRecordSchema),
  nextCursor: z.string().nullable().describe('Where older ones go on; null at the end.'),
});
