import { z } from 'zod';
import { routings } from '../../domain/observations.js';
import { undecidedCodes, type Plan, type UndecidedCode } from '../../judge/index.js';

const share = z.number();

const waitSchema = z
  .strictObject({
    samples: z.number().describe('Canary samples by then, those of the warm-up included.'),
    minutes: z.number(),
  })
  .nullable();

const verdictSchema = z.strictObject({
  median: waitSchema,
  percentile95: waitSchema,
  undecided: z
    .strictObject({
      code: z.enum(Object.keys(undecidedCodes) as [UndecidedCode, ...UndecidedCode[]]),
      text: z.string().describe('Why, and what would help.'),
    })
    .nullable()
    .describe('Why one of the two is null, or both.'),
});

const qualitySchema = z.strictObject({
  quality: z.number().describe("In the unit of the guardrail's estimate."),
  text: z.string(),
  assumed: z.boolean().describe('False where the request gave it.'),
});

const minutesFields = {
  median: z.number().nullable(),
  percentile95: z.number().nullable(),
};

/** The answer of `/v1/plan`. */
export const planSchema: z.ZodType<Plan> = z.strictObject({
  policy: z.string(),
  mode: z.enum(['evidence', 'threshold']),
  confidence: share,
  traffic: z.strictObject({
    requestsPerSecond: z.number(),
    weight: share,
    canaryRequestsPerMinute: z.number(),
    outcomesPerRequest: z.number(),
    outcomeMean: z.number(),
    outcomeDeviation: z.number().nullable().describe('Null: outcomes are yes or no.'),
    decisionRate: share,
    latencyBoundsMs: z.array(z.number()),
    routing: z.enum(routings),
  }),
  guardrails: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.string(),
      unit: z.string(),
      sampleName: z.string(),
      healthy: qualitySchema,
      faulty: qualitySchema,
      untilPromote: verdictSchema.describe('Until a healthy canary is promoted, proven.'),
      untilRollback: verdictSchema.describe('Until a faulty canary is rolled back.'),
      untilNotBlocking: verdictSchema.describe(
        'Until it no longer keeps the combined promote back, proven or passed while undecided.',
      ),
      notMeasured: z.boolean(),
    }),
  ),
  combined: z
    .strictObject({
      untilPromote: z.strictObject(minutesFields),
      slowest: z.strictObject({
        median: z.array(z.string()),
        percentile95: z.array(z.string()),
      }),
      untilRollback: z
        .array(z.strictObject({ fault: z.string(), ...minutesFields }))
        .describe('By the one guardrail in which the canary is faulty.'),
    })
    .describe('Minutes of the combined verdict; null: not within a week.'),
  smallestWeight: z
    .strictObject({ withinSeconds: z.number(), ...minutesFields })
    .describe('The smallest weight, a share, that promotes a healthy canary in time; null: none up to 0.5.')
    .exactOptional(),
  assumes: z.array(z.string()),
});
