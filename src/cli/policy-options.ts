import type { Command } from 'commander';
import { describeFieldError } from '../domain/errors.js';
import { suggestName } from '../domain/nearest-name.js';
import { quote } from '../domain/parsing.js';
import type { Policy } from '../domain/policy.js';
import { failure, success, type Result } from '../domain/result.js';
import { parseWeightPercent } from '../domain/units.js';
import type { Question } from '../judge/index.js';
import { choosePolicy, type PolicyChoice } from './choose-policy.js';
import type { CommandContext } from './commands.js';
import { exitStatus } from './exit-status.js';
import { outputFormats, parseOutputFormat, type OutputFormat } from './output/format.js';

/** Options of the commands that judge files. */
export interface JudgeOptions extends PolicyChoice {
  readonly output: OutputFormat;
  readonly weight?: string;
  readonly promoteWith?: string;
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** Adds what `judge` and `replay` share. */
export function addJudgeOptions(command: Command): Command {
  return command
    .option(
      '-p, --policy <name|file>',
      'policy of the config, or a file (.yaml, .yml, .json, or with a slash)',
      'default',
    )
    .option('-c, --config <file>', 'config file with the policies')
    .option('-g, --guardrail <name>', 'judge this guardrail alone')
    .option('--confidence <share>', 'confidence of promote, such as 0.8')
    .option('--mode <mode>', 'evidence or threshold')
    .option('--weight <percent>', "the canary's configured share now, as in setWeight")
    .option('--promote-with <self|all>', 'with all, a guardrail promotes only when the combined verdict does')
    .option('--set <guardrail.field=value>', 'change a setting of the policy; may be repeated', collect)
    .option('-o, --output <format>', outputFormats.join(', '), parseOutputFormat, 'table');
}

export interface Asked {
  readonly policy: Policy;
  readonly question: Question;
}

/** Policy and question of a command line; tells what is wrong and sets the exit status where something is. */
export function readAsked(options: JudgeOptions, context: CommandContext): Asked | undefined {
  const asked = parseAsked(options, context);
  if (asked.ok) return asked.value;
  context.console.err(`ml-verdict: ${asked.errors.map(describeFieldError).join('\n            ')}\n`);
  context.setStatus(exitStatus.refused);
  return undefined;
}

function parseAsked(options: JudgeOptions, context: CommandContext): Result<Asked> {
  const policy = choosePolicy(options, context.env);
  if (!policy.ok) return policy;
  const { guardrail, promoteWith } = options;
  const names = policy.value.guardrails.map(({ name }) => name);
  if (guardrail !== undefined && !names.includes(guardrail)) {
    return failure([
      {
        path: '--guardrail',
        message: `the policy "${policy.value.name}" has no guardrail ${quote(guardrail)}; ${suggestName(guardrail, names)}`,
      },
    ]);
  }
  const weight = options.weight === undefined ? undefined : parseWeightPercent(options.weight);
  if (typeof weight === 'object') {
    return failure([
      { path: '--weight', message: `expected ${weight.expected}, got ${quote(options.weight)}` },
    ]);
  }
  if (promoteWith !== undefined && promoteWith !== 'self' && promoteWith !== 'all') {
    return failure([{ path: '--promote-with', message: `expected self or all, got ${quote(promoteWith)}` }]);
  }
  const question: Question = {
    ...(guardrail === undefined ? {} : { guardrail }),
    ...(promoteWith === undefined ? {} : { promoteWith }),
    ...(weight === undefined ? {} : { weight }),
  };
  return success({ policy: policy.value, question });
}
