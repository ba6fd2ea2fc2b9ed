import { z } from 'zod';
import { confidenceField, instantField, nameField, weightField } from '../../domain/fields.js';

/** The arguments that say which versions of which model are meant, and when. */
const subjectFields = {
  model: nameField().describe('The model.'),
  canary: nameField().describe('The version that is judged, for example a pod-template hash.'),
  stable: nameField()
    .optional()
    .describe(
      'The version it is compared with. Absent or empty: only absolute guardrails are judged, nothing is promoted.',
    ),
  namespace: nameField().optional().describe('The namespace of the model; absent: `default`.'),
  since: instantField().optional().describe('Judge nothing before this time.'),
  asOf: instantField().optional().describe('The time that the verdict is for; absent: now.'),
};

/** The named arguments of `/v1/observations`. */
export const observationArgumentsSchema = z.strictObject(subjectFields);

/**
 * The named arguments of `/v1/verdict`; settings of single guardrails come beside them. Each may be a text, as
 * Argo sends it; an empty text counts as absent.
 */
export const verdictArgumentsSchema = z.strictObject({
  ...subjectFields,
  guardrail: nameField().optional().describe('One guardrail of the policy; absent: the combined verdict.'),
  policy: nameField()
    .optional()
    .describe("A policy of the config or a built-in one; absent: the model's own, else `default`."),
  confidence: confidenceField()
    .optional()
    .describe('The confidence of promote, in place of the policy\'s: `0.8` or `"80%"`.'),
  mode: z.enum(['evidence', 'threshold']).optional().describe("In place of the policy's mode."),
  weight: weightField()
    .optional()
    .describe(
      'The configured share of the canary now, as a percentage as in Argo\'s setWeight: `5` or `"5%"`.',
    ),
  step: z
    .union([z.string().max(64), z.number()], { error: 'a step such as "3"' })
    .transform(String)
    .optional()
    .describe('The step of the rollout; kept in the history.'),
  promoteWith: z
    .enum(['self', 'all'])
    .optional()
    .describe('`all`: a single guardrail promotes only when the combined verdict does. Absent: `self`.'),
});

export type VerdictArguments = z.output<typeof verdictArgumentsSchema>;
export type ObservationArguments = z.output<typeof observationArgumentsSchema>;
