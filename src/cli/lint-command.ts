import { InvalidArgumentError } from 'commander';
import { loadConfig } from '../config/index.js';
import { describeFieldError } from '../domain/errors.js';
import { parseNumber } from '../domain/units.js';
import type { AddCommand, CommandContext } from './commands.js';
import { exitStatus } from './exit-status.js';
import { parseArgoVersion, type ArgoVersion } from './lint/argo/version.js';
import { findingsText } from './lint/findings-text.js';
import { lintFiles } from './lint/lint-files.js';
import { lintStatus } from './lint/lint-status.js';
import { policyBook } from './lint/policy-book.js';
import { formatDocuments, outputFormats, parseOutputFormat, type OutputFormat } from './output/format.js';
import { printable } from './output/printable.js';

interface LintOptions {
  readonly config?: string;
  readonly requestsPerMinute?: number;
  readonly outcomesPerRequest?: number;
  readonly argoVersion?: ArgoVersion;
  readonly strict?: true;
  readonly output: OutputFormat;
}

/** `lint`: what would go wrong with manifests of Argo Rollouts that ask this service, without a cluster. */
export const addLintCommand: AddCommand = (program, context) => {
  program
    .command('lint')
    .description('check Rollouts and AnalysisTemplates that ask ml-verdict, without a cluster')
    .argument('<files...>', 'manifests, or directories of them; - is standard input')
    .option('-c, --config <file>', 'config file of the service, with its policies')
    .option(
      '--requests-per-minute <number>',
      'requests of both versions together: are the steps long enough for them?',
      parsePositive,
    )
    .option('--outcomes-per-request <number>', 'outcomes that come of one request; 0: none', parseOutcomes)
    .option('--argo-version <version>', 'the release of Argo Rollouts in use, such as 1.7', parseVersion)
    .option('--strict', 'let warnings fail as well')
    .option('-o, --output <format>', outputFormats.join(', '), parseOutputFormat, 'table')
    .addHelpText(
      'after',
      '\nExit status: 3 if any file was refused, else 1 if there is an error (with --strict: or a warning), else 0.',
    )
    .action((files: readonly string[], options: LintOptions) => {
      lint(files, options, context);
    });
};

function lint(paths: readonly string[], options: LintOptions, context: CommandContext): void {
  const { config: file, requestsPerMinute, outcomesPerRequest, argoVersion, output } = options;
  const refuse = (message: string): void => {
    context.console.err(`ml-verdict: ${printable(message)}\n`);
  };
  // Reading manifests needs no database, whatever the environment says of one.
  const env = { ...context.env, DATABASE_URL: undefined };
  const config = loadConfig({ file, env, toServe: false });
  if (!config.ok) {
    config.errors.forEach((error) => {
      refuse(describeFieldError(error));
    });
    context.setStatus(exitStatus.refused);
    return;
  }
  const named = file !== undefined || (context.env['ML_VERDICT_CONFIG'] ?? '') !== '';
  const report = lintFiles(paths, {
    argoVersion,
    deadlineSeconds: config.value.server.verdictDeadlineMs / 1000,
    policies: policyBook(config.value, named),
    traffic: requestsPerMinute === undefined ? undefined : { requestsPerMinute, outcomesPerRequest },
  });
  for (const { file: refusedFile, line, message } of report.refused) {
    refuse(`${refusedFile}${line === undefined ? '' : `:${line}`}: ${message}`);
  }
  context.console.out(
    output === 'table' || output === 'wide'
      ? findingsText(report, context.console)
      : formatDocuments(output === 'ndjson' ? report.findings : [report], output),
  );
  context.setStatus(lintStatus(report, options.strict === true));
}

function parsePositive(text: string): number {
  const number = parseNumber(text);
  if (typeof number === 'number' && number > 0 && number <= 1e10) return number;
  throw new InvalidArgumentError('expected requests per minute, a number above 0 such as 3000.');
}

function parseOutcomes(text: string): number {
  const number = parseNumber(text);
  if (typeof number === 'number' && number >= 0 && number <= 1000) return number;
  throw new InvalidArgumentError('expected outcomes per request, a number from 0 to 1000.');
}

function parseVersion(text: string): ArgoVersion {
  const version = parseArgoVersion(text);
  if (version !== undefined) return version;
  throw new InvalidArgumentError('expected a release of Argo Rollouts such as 1.8.2.');
}
