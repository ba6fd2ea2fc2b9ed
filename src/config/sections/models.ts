import { z } from 'zod';

const modelEntry = z.strictObject({
  policy: z.string().min(1).optional().describe('The policy of verdicts that name none; absent: `default`.'),
  denominator: z
    .enum(['outcomes', 'predictions'])
    .optional()
    .describe(
      'What an outcome is a share of: `outcomes` (each outcome event is one exposure, zeros are sent) or `predictions` (every prediction is one). Absent: `outcomes`.',
    ),
});

/** What is known of single models, by name; `namespace/model` for one of several namespaces, `*` for all others. */
export const modelsSection = z
  .record(z.string().min(1), modelEntry)
  .prefault({})
  .describe(
    'Settings by model: `model`, or `namespace/model` where namespaces differ. The entry `"*"` is for every model, and for what the entry of a model leaves out.',
  );
