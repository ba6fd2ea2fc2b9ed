import { z } from 'zod';
import {
  reasonCodes,
  verdicts,
  type GuardrailVerdict,
  type ReasonCode,
  type VerdictDocument,
} from '../../domain/verdict.js';

/** The verdict document as a schema: the answers of `/v1/verdict`, checked against it in the tests. */

const verdict = z.enum(verdicts);
const reasonCode = z.enum(Object.keys(reasonCodes) as [ReasonCode, ...ReasonCode[]]);
const numberOrNull = z.number().nullable();
const details = z.record(z.string(), z.unknown());

const evidenceSchema = z
  .strictObject({
    rollback: numberOrNull,
    rollbackNeeded: z.number(),
    promote: numberOrNull,
    promoteNeeded: z.number(),
  })
  .describe('Natural logs of e-values, and how much of each is needed; null while nothing can be judged.');

const guardrailSchema: z.ZodType<GuardrailVerdict> = z.strictObject({
  name: z.string(),
  kind: z.string(),
  verdict,
  literalVerdict: verdict.describe('What the thresholds alone would have said of all counts so far.'),
  reasonCode,
  reason: z.string().describe('One or two sentences for a person.'),
  estimate: numberOrNull,
  unit: z.string(),
  interval: z
    .tuple([numberOrNull, numberOrNull])
    .nullable()
    .describe('95 % interval; an unknown end is null.'),
  intervalKind: z.enum(['anytime', 'single-look']).nullable(),
  promoteBelow: z.number().exactOptional(),
  rollbackAbove: z.number().exactOptional(),
  promoteAbove: z.number().exactOptional(),
  rollbackBelow: z.number().exactOptional(),
  twoSided: z
    .literal(true)
    .exactOptional()
    .describe('The limits count for the size of the estimate, whichever its sign.'),
  evidence: evidenceSchema,
  samples: z.strictObject({ canary: z.number(), stable: z.number() }),
  moreSamplesNeeded: numberOrNull.describe(
    'Canary samples until a decision, at the median; null where none would decide.',
  ),
  etaSeconds: numberOrNull,
  moreSamplesNeeded95: numberOrNull.describe(
    'The same where the coming counts are so unfavourable as only 5 % are: 95 of 100 such canaries need no more.',
  ),
  etaSeconds95: numberOrNull,
  guarantee: z.enum(['exact', 'asymptotic', 'none']),
  details,
});

const measurementSchema = z
  .tuple([numberOrNull, verdict, z.string().max(199)])
  .describe('The small value that Argo Rollouts stores: a number to chart, the verdict, one sentence.');

/** The answer of `/v1/verdict`, for a verdict and for every reason to give none. */
export const verdictDocumentSchema: z.ZodType<VerdictDocument> = z.strictObject({
  id: z.string().describe('A hash of policy, observations and question: the same inputs have the same id.'),
  verdict,
  code: z.literal([1, 0, -1]).describe('1 promote, 0 hold, -1 rollback.'),
  literalVerdict: verdict,
  measurement: measurementSchema,
  model: z.string(),
  canary: z.string(),
  stable: z.string().nullable(),
  policy: z.string(),
  policyHash: z.string(),
  mode: z.enum(['evidence', 'threshold']),
  guardrail: z.string().exactOptional(),
  asOf: z.string().nullable(),
  looks: z.number(),
  stage: z.number(),
  restarts: z.number(),
  reasons: z.array(z.strictObject({ code: reasonCode, guardrail: z.string().nullable(), text: z.string() })),
  guardrails: z.array(guardrailSchema),
  decidedWithout: z.array(z.string()),
  sampleRatio: z
    .strictObject({ evidence: z.number(), configured: z.number(), observed: z.number(), alarm: z.boolean() })
    .nullable(),
  guarantee: z.union([
    z.strictObject({
      falseRollback: z.number(),
      falsePromotion: z.number().exactOptional(),
      assumes: z.array(z.string()),
    }),
    z.literal('none'),
  ]),
  source: details
    .exactOptional()
    .describe(
      'How the counts were read, where that is not plain: server, queries, what was noticed. Never judged.',
    ),
});
