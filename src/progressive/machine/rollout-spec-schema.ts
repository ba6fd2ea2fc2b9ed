import { z } from 'zod';
import { confidenceField, nameField, secondsField, wholeNumberField } from '../../domain/fields.js';
import { parseWith } from '../../domain/parsing.js';
import { failure, success, type Result } from '../../domain/result.js';
import type { RolloutSpec, StageSpec } from './rollout-spec.js';

const percentField = () => wholeNumberField({ min: 1, max: 100 }, 'a whole percentage from 1 to 100');
const proxyField = () =>
  z.enum(['hold', 'pass', 'bounded']).describe('what an undecided business proxy does at this stage');

const stageFields = z.strictObject({
  percent: percentField().describe("the canary's share of the traffic"),
  stabilisation: secondsField().optional().describe('instead of the general one'),
  minimumAnalysis: secondsField().optional().describe('instead of the general one'),
  confidence: confidenceField()
    .optional()
    .describe('of promote; 0.8, and 0.95 at the last stage below 100, unless said'),
  proxyIfUndecided: proxyField()
    .optional()
    .describe('pass, and hold at the last stage below 100, unless said'),
});

const commandFields = z.strictObject({
  id: nameField().describe('unique: each command is obeyed once'),
  kind: z.enum(['pause', 'resume', 'promote', 'abort']),
  full: z.boolean().default(false).describe('of promote: to 100 % at once'),
  by: nameField().default('a person').describe('who asked, for the history'),
});

/** How a canary is driven, as people write it. */
export const rolloutSpecSchema = z.strictObject({
  policy: nameField()
    .default('progressive')
    .describe('who judges; plain-loop changes the defaults to those of a simple script'),
  stages: z
    .array(z.union([percentField(), stageFields]))
    .min(1)
    .max(50)
    .default([5, 10, 25, 50, 100])
    .describe('ascending shares of the traffic, the last one 100'),
  newVersion: z
    .enum(['carried', 'awaited', 'present'])
    .default('present')
    .describe('where the new model comes from'),
  stabilisation: secondsField()
    .prefault('5m')
    .describe('after each change of weight: left out of the evidence'),
  minimumAnalysis: secondsField().prefault('5m').describe('after stabilisation: no stage is shorter'),
  window: secondsField({ min: 60 })
    .optional()
    .describe('judge this last stretch instead of everything since the start: no guarantee'),
  undecided: z
    .enum(['wait', 'proceed'])
    .optional()
    .describe('proceed goes on without a verdict: no guarantee'),
  undecidedLimit: secondsField()
    .prefault('60m')
    .describe('how long to wait at a stage before a person is called'),
  readyLimit: secondsField({ min: 1 }).prefault('30m').describe('how long the canary may not be ready'),
  confirmLimit: secondsField({ min: 1 })
    .prefault('10m')
    .describe('how long a change of weight may stay unseen in the traffic'),
  commands: z.array(commandFields).max(20).default([]).describe('what people asked for'),
});

type Written = z.output<typeof rolloutSpecSchema>;

/** Reads how a canary is to be driven; fails with the path of each field that is wrong. */
export function parseRolloutSpec(raw: unknown, at = ''): Result<RolloutSpec> {
  const parsed = parseWith(rolloutSpecSchema, raw, { at });
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  const percents = value.stages.map((stage) => (typeof stage === 'number' ? stage : stage.percent));
  const inOrder = percents.every((percent, index) => index === 0 || percent > (percents[index - 1] ?? 0));
  const path = at === '' ? 'stages' : `${at}.stages`;
  if (!inOrder || percents.at(-1) !== 100 || percents.length < 2) {
    const message = `expected ascending percentages of which the last is 100, at least one before it, got ${percents.join(', ')}`;
    return failure([{ path, message }]);
  }
  const ids = value.commands.map((command) => command.id);
  if (new Set(ids).size < ids.length) {
    const message = 'expected another id for each command';
    return failure([{ path: at === '' ? 'commands' : `${at}.commands`, message }]);
  }
  return success(resolved(value, percents.at(-2) ?? 0));
}

function resolved(written: Written, lastJudged: number): RolloutSpec {
  const isPlainLoop = written.policy === 'plain-loop';
  const windowSeconds = written.window ?? (isPlainLoop ? 300 : undefined);
  return {
    policy: written.policy,
    stages: written.stages.map((stage) => resolvedStage(written, stage, lastJudged)),
    newVersion: written.newVersion,
    evidence: windowSeconds === undefined ? { kind: 'since-start' } : { kind: 'window', windowSeconds },
    undecided: written.undecided ?? (isPlainLoop ? 'proceed' : 'wait'),
    undecidedLimitSeconds: written.undecidedLimit,
    readyLimitSeconds: written.readyLimit,
    confirmLimitSeconds: written.confirmLimit,
    commands: written.commands,
  };
}

function resolvedStage(written: Written, stage: Written['stages'][number], lastJudged: number): StageSpec {
  const own = typeof stage === 'number' ? { percent: stage } : stage;
  const isPlainLoop = written.policy === 'plain-loop';
  const isLast = own.percent >= lastJudged;
  return {
    percent: own.percent,
    stabilisationSeconds: own.stabilisation ?? written.stabilisation,
    minimumAnalysisSeconds: own.minimumAnalysis ?? written.minimumAnalysis,
    confidence: own.confidence ?? (isPlainLoop ? null : isLast ? 0.95 : 0.8),
    proxyIfUndecided: own.proxyIfUndecided ?? (isPlainLoop ? null : isLast ? 'hold' : 'pass'),
  };
}
