import { z } from 'zod';
import { verdicts } from '../../domain/verdict.js';
import { conditionSchema } from './condition.js';

/** What is longer is cut: a version or an id is not to keep a state from being saved. */
export const longestVersion = 500;
export const longestVerdictId = 200;

const version = z.string().max(longestVersion);

/** The `status` of a ModelRollout. */
export const modelRolloutStatusSchema = z.strictObject({
  phase: z
    .string()
    .max(50)
    .describe(
      'waiting, shifting, stabilising, analysing, promoting, paused, rolling-back; ended: promoted, rolled-back, failed',
    ),
  message: z.string().max(4000).describe('one sentence on how it stands'),
  percent: z.int().describe("the last confirmed share of the canary's traffic"),
  targetPercent: z.int().optional().describe('the share that is wanted and not yet seen'),
  stage: z.int().describe('which stage that is, from 1; 0 before the first'),
  canary: version.optional().describe('the version on trial, as the target calls it'),
  stable: version.optional().describe('the version with the rest of the traffic'),
  attempt: z.int().describe('how often it began'),
  run: z.int().describe('the spec.run that this is about'),
  guarantee: z
    .enum(['stated', 'none'])
    .describe('none as soon as anything but proven verdicts moved the weight up'),
  lastVerdict: z
    .strictObject({
      verdict: z.enum(verdicts),
      sentence: z.string().max(1000),
      id: z.string().max(longestVerdictId),
      asOf: z.iso.datetime(),
    })
    .optional(),
  conditions: z.array(conditionSchema).max(20),
  history: z
    .array(z.strictObject({ at: z.iso.datetime(), kind: z.string().max(50), text: z.string().max(1000) }))
    .max(50)
    .describe('what happened last, oldest first'),
  observedGeneration: z.int().describe('the generation of the spec that this is about'),
  startedAt: z.iso.datetime().optional().describe("when the canary's first share was confirmed"),
  endedAt: z.iso.datetime().optional(),
  state: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('what the controller has to remember; not for people'),
});

export type ModelRolloutStatus = z.output<typeof modelRolloutStatusSchema>;
