import { z } from 'zod';
import { nameField } from '../../../domain/fields.js';

/** An InferenceService whose canary is driven. */
export const kserveSpecSchema = z.strictObject({
  name: nameField().describe('of the InferenceService'),
  newModel: z
    .record(z.string().min(1), z.unknown())
    .refine((fields) => Object.keys(fields).length > 0, { error: 'at least one field of the new model' })
    .optional()
    .describe(
      'the fields of spec.predictor.model that the new model has otherwise, null for one that it does not have: applied together with the first percent',
    ),
  canary: nameField()
    .optional()
    .describe('in Standard mode: the name of the entry of spec.canary; the only one unless said'),
});

export type KserveSpec = z.output<typeof kserveSpecSchema>;
