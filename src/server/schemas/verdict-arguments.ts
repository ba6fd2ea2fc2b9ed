import { z } from 'zod';
import { confidenceField, instantField, nameField, secondsField, weightField } from '../../domain/fields.js';

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

/** What whoever drives a canary through stages of its own tells of them. */
const stageArgument = z.strictObject({
  stabilisation: z
    .union([z.literal('none').transform(() => null), secondsField()])
    .optional()
    .describe(
      'How long after each change of weight looks are left out of the evidence, where that is longer than the policy says; `none`: nothing is left out, also not by the policy.',
    ),
  weights: z
    .array(z.strictObject({ percent: z.number().min(0).max(100), from: instantField() }))
    .max(200)
    .optional()
    .describe(
      "The shares that the canary had, in percent, oldest first: they make the judge's stages. Absent: those are inferred from the observed share.",
    ),
  proxyIfUndecided: z
    .enum(['hold', 'pass', 'bounded'])
    .optional()
    .describe('What an undecided business proxy does, whatever its guardrail is called.'),
});

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
  stage: stageArgument
    .optional()
    .describe('In a body only: how a canary is driven whose stages the observed share does not tell.'),
});

export type StageArgument = z.output<typeof stageArgument>;
export type VerdictArguments = z.output<typeof verdictArgumentsSchema>;
export type ObservationArguments = z.output<typeof observationArgumentsSchema>;
