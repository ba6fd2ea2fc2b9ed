import { z } from 'zod';
import { guardrailSettingNames, guardrailSettings } from './guardrail-settings.js';
import { verdictArgumentsSchema } from './verdict-arguments.js';

const settingValue = z.union([z.string(), z.number(), z.boolean()]);

const flatSettings = Object.fromEntries(
  [...guardrailSettings].map(([name, meaning]) => [
    name,
    settingValue.optional().describe(`Setting of the named guardrail: ${meaning}.`),
  ]),
);

const settingNames = `^.+\\.(${guardrailSettingNames.join('|')})$`;

/** Everything that the body of a question may carry, as OpenAPI shows it: the named arguments and settings of guardrails. */
export const verdictRequestSchema = verdictArgumentsSchema
  .extend({
    ...flatSettings,
    guardrails: z
      .record(z.string(), z.record(z.string(), settingValue))
      .optional()
      .describe('Settings by guardrail, for the combined verdict.'),
  })
  .meta({
    patternProperties: {
      [settingNames]: {
        type: ['string', 'number', 'boolean'],
        description: 'A setting of one guardrail: `error-rate.promoteBelow`.',
      },
    },
  });

/** The same as a query string has it. */
export const verdictQuerySchema = verdictRequestSchema
  .omit({ stage: true })
  .meta(verdictRequestSchema.meta() ?? {});
