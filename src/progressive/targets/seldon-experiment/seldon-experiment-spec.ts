import { z } from 'zod';
import { nameField } from '../../../domain/fields.js';

/** An Experiment of Seldon Core v2 whose canary is driven. */
export const seldonExperimentSpecSchema = z
  .strictObject({
    name: nameField().describe('of the Experiment'),
    stable: nameField().optional().describe('the candidate that has the rest; spec.default unless said'),
    canary: nameField().describe('the candidate whose share is driven'),
  })
  .refine(({ stable, canary }) => stable !== canary, { error: 'two candidates that are not the same' });

export type SeldonExperimentSpec = z.output<typeof seldonExperimentSpecSchema>;
