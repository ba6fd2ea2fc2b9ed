import { z } from 'zod';
import { nameField } from '../../../domain/fields.js';

/** A SeldonDeployment whose canary is driven. */
export const seldonDeploymentSpecSchema = z
  .strictObject({
    name: nameField().describe('of the SeldonDeployment'),
    stable: nameField().describe('name of the predictor that has the rest of the traffic'),
    canary: nameField().describe('name of the predictor whose share is driven'),
    newPredictor: z
      .record(z.string().min(1), z.unknown())
      .refine(({ shadow }) => shadow !== true, {
        error: 'a predictor that is no shadow: a shadow gets no share of the traffic',
      })
      .optional()
      .describe(
        'the whole canary predictor, added together with the first percent; its name and traffic are filled in',
      ),
  })
  .refine(({ stable, canary }) => stable !== canary, { error: 'two predictors that are not the same' });

export type SeldonDeploymentSpec = z.output<typeof seldonDeploymentSpecSchema>;
