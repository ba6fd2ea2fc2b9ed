import { InvalidArgumentError } from 'commander';
import { alertWarnings, effectiveConfig, loadConfig, type Config } from '../config/index.js';
import { describeFieldError } from '../domain/errors.js';
import { parseSeconds } from '../domain/units.js';
import type { AddCommand, CommandContext } from './commands.js';
import { accessWarnings } from './access-warnings.js';
import { configWarnings } from './config-warnings.js';
import { exitStatus } from './exit-status.js';
import { reportOnline } from './online/report-online.js';
import { formatDocuments, parseOutputFormat, type OutputFormat } from './output/format.js';
import { printable } from './output/printable.js';
import { plainTable } from './output/verdict-table.js';

interface CheckConfigOptions {
  readonly effective?: true;
  readonly online?: true;
  readonly model?: string;
  readonly namespace?: string;
  readonly canary?: string;
  readonly stable?: string;
  readonly timeout?: number;
  readonly output?: OutputFormat;
}

/** The options that only mean something beside `--online`. */
const onlineOptions = ['model', 'namespace', 'canary', 'stable', 'timeout', 'output'] as const;

const usualTimeoutMs = 30_000;

/**
 * `check-config`: reads the config as `serve` would and says what is wrong with it, or what is in force; with `--online`
 * tests it on the live servers that it names.
 */
export const addCheckConfigCommand: AddCommand = (program, context) => {
  program
    .command('check-config')
    .description('check a config file, with the environment that serve would see')
    .argument('[file]', 'config file; absent: ML_VERDICT_CONFIG, else the defaults alone')
    .option('--effective', 'print the config in force, defaults filled in, as YAML')
    .option('--online', 'test every Prometheus server, and every signal of the models that have an entry')
    .option('-m, --model <name>', 'with --online: test this model alone, whether or not it has an entry')
    .option('-n, --namespace <name>', 'with --online: namespace of models whose entry names none')
    .option('--canary <version>', 'with --online --model: test this version')
    .option('--stable <version>', 'with --online --canary: and this one')
    .option(
      '--timeout <time>',
      'with --online: what is not answered by then is an error (default 30s)',
      parseTimeout,
    )
    .option(
      '-o, --output <format>',
      'with --online: table (default), json, ndjson or yaml',
      parseOutputFormat,
    )
    .addHelpText(
      'after',
      '\nExit status: 0 if the config can be used, else 3; with --online 3 also where an error was found. Warnings go to standard error.',
    )
    .action((file: string | undefined, options: CheckConfigOptions) => checkConfig(file, options, context));
};

/** Reads a time to wait as milliseconds. */
function parseTimeout(text: string): number {
  const seconds = parseSeconds(text);
  if (typeof seconds !== 'number' || seconds < 1 || seconds > 600) {
    throw new InvalidArgumentError('expected a time from 1 s to 600 s such as "30s".');
  }
  return seconds * 1000;
}

async function checkConfig(
  file: string | undefined,
  options: CheckConfigOptions,
  context: CommandContext,
): Promise<void> {
  const refuse = (message: string): void => {
    context.console.err(`ml-verdict: ${message}\n`);
    context.setStatus(exitStatus.refused);
  };
  const alone = onlineOptions.find((name) => options[name] !== undefined);
  if (options.online !== true && alone !== undefined) {
    refuse(`--${alone}: expected --online beside it`);
    return;
  }
  if (options.online === true && options.effective === true) {
    refuse('--effective: expected without --online');
    return;
  }
  const loaded = loadConfig({ file, env: context.env });
  if (!loaded.ok) {
    for (const error of loaded.errors) refuse(describeFieldError(error));
    return;
  }
  const config = loaded.value;
  for (const warning of [
    ...configWarnings(config),
    ...(await accessWarnings(config)),
    ...(await alertWarnings(config)),
  ]) {
    context.console.err(`ml-verdict: warning: ${printable(warning)}\n`);
  }
  if (options.online === true) {
    const { timeout: timeoutMs = usualTimeoutMs, output = 'table', ...online } = options;
    await reportOnline(config, { ...online, timeoutMs, output }, context);
    return;
  }
  context.console.out(
    options.effective === true ? formatDocuments([effectiveConfig(config)], 'yaml') : policiesText(config),
  );
}

function policiesText(config: Config): string {
  const rows = [...config.policies.values()].map((policy) => [
    policy.name,
    policy.mode,
    String(policy.confidence),
    policy.guardrails.map((guardrail) => guardrail.name).join(', '),
  ]);
  const named = config.file === undefined ? '' : ` ${config.file}`;
  return `The config${named} can be used.\n\n${plainTable(['POLICY', 'MODE', 'CONFIDENCE', 'GUARDRAILS'], rows)}`;
}
