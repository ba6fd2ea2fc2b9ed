import { z } from 'zod';
import { confidenceField, nameField } from '../../domain/fields.js';
import { routings } from '../../domain/observations.js';
import { latencyBoundsField, trafficFields, withinField } from '../../judge/index.js';
import { guardrailSettingNames } from './guardrail-settings.js';

const value = z.union([z.string(), z.number(), z.boolean()]);
const qualities = z.record(z.string(), z.union([z.string(), z.number()]));

/** The named arguments of `/v1/plan`; settings of single guardrails come beside them. */
export const planArgumentsSchema = z.strictObject({
  ...trafficFields,
  policy: nameField().optional().describe('A policy of the config or a built-in one; absent: `default`.'),
  confidence: confidenceField()
    .optional()
    .describe('The confidence of promote, in place of the policy\'s: `0.8` or `"80%"`.'),
  mode: z.enum(['evidence', 'threshold']).optional().describe("In place of the policy's mode."),
  healthy: qualities
    .optional()
    .describe('What a healthy canary is like, by guardrail: `{"error-rate": "0.3%"}`.'),
  faulty: qualities
    .optional()
    .describe('What a faulty canary is like, by guardrail: `{"business-proxy": "-5%"}`.'),
  latencyBoundsMs: latencyBoundsField()
    .optional()
    .describe(
      'Bounds of the latency histogram in milliseconds, also as a text: `50,100,200,500`. Absent: those of the ledger.',
    ),
  routing: z
    .enum(routings)
    .optional()
    .describe('How requests come to the canary, as in the config of a model. Absent: `random`.'),
  within: withinField()
    .optional()
    .describe(
      'Find the smallest weight that promotes a healthy canary within this time, a week at most: `10m`.',
    ),
});

/** Everything that a request for a plan may carry, as OpenAPI shows it. */
export const planRequestSchema = planArgumentsSchema
  .extend({
    guardrails: z
      .record(z.string(), z.record(z.string(), value))
      .optional()
      .describe("Settings by guardrail, in place of the policy's."),
  })
  .meta({
    patternProperties: {
      [`^.+\\.(${guardrailSettingNames.join('|')})$`]: {
        type: ['string', 'number', 'boolean'],
        description: 'A setting of one guardrail: `error-rate.promoteBelow`.',
      },
    },
  });
