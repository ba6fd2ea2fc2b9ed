import { existsSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { ledgerPlace, ledgerSettings, type Config } from '../config/index.js';
import { describeFieldError, VerdictError } from '../domain/errors.js';
import { instantField } from '../domain/fields.js';
import { suggestName } from '../domain/nearest-name.js';
import { observationsToFile } from '../domain/observations-file.js';
import { parseWith } from '../domain/parsing.js';
import { openLedger, type ObservationAnswer, type ObservationQuery } from '../sources/index.js';
import type { AddCommand, CommandContext } from './commands.js';
import { reasonOfFileError } from './file-error.js';
import { addLedgerOptions, withConfig, type LedgerOptions } from './ledger/ledger-options.js';

interface ObserveOptions extends LedgerOptions {
  readonly model: string;
  readonly canary: string;
  readonly stable?: string;
  readonly namespace: string;
  readonly asOf?: string;
  readonly since?: string;
  readonly output?: string;
}

/** `observe`: the looks that a verdict would be made from, as an observations file for `judge` and `replay`. */
export const addObserveCommand: AddCommand = (program, context) => {
  const command = program
    .command('observe')
    .description('write the looks that a verdict would be made from as an observations file')
    .requiredOption('-m, --model <name>', 'the model')
    .requiredOption('--canary <version>', 'version of the canary')
    .option('--stable <version>', 'version to compare with')
    .option('-n, --namespace <name>', 'namespace of the model', 'default')
    .option('--as-of <time>', 'the instant to observe up to, ISO 8601; default now')
    .option('--since <time>', 'observe nothing before it, ISO 8601');
  addLedgerOptions(command, 'config file; its source is read')
    .option('-o, --output <file>', 'file to write; absent: standard output')
    .action((options: ObserveOptions) =>
      withConfig(options, context, (config) => observe(config, options, context)),
    );
};

async function observe(config: Config, options: ObserveOptions, context: CommandContext): Promise<void> {
  const times = parseWith(timesSchema, { '--as-of': options.asOf, '--since': options.since });
  if (!times.ok) throw refusal(times.errors.map(describeFieldError).join('\n            '));
  const { '--as-of': asOfMs = Date.now(), '--since': sinceMs } = times.value;
  const place = ledgerPlace(config);
  if (typeof place === 'string' && !existsSync(place)) {
    throw refusal(`there is no ledger in "${place}": no such folder`);
  }
  const query: ObservationQuery = {
    namespace: options.namespace,
    model: options.model,
    canary: options.canary,
    ...(options.stable === undefined ? {} : { stable: options.stable }),
    asOfMs,
    ...(sinceMs === undefined ? {} : { sinceMs }),
  };
  const ledger = await openLedger(place, ledgerSettings(config));
  try {
    write(await ledger.observe(query), query, options, context);
  } finally {
    await ledger.close();
  }
}

function refusal(message: string): VerdictError {
  return new VerdictError('invalid-input', message);
}

const timesSchema = z.strictObject({
  '--as-of': instantField().optional(),
  '--since': instantField().optional(),
});

function write(
  answer: ObservationAnswer,
  query: ObservationQuery,
  options: ObserveOptions,
  context: CommandContext,
): void {
  switch (answer.kind) {
    case 'unknown-model':
      throw refusal(`there is no model "${query.model}"; ${suggestName(query.model, answer.known)}`);
    case 'unknown-version':
      throw refusal(
        `model "${query.model}" has no version "${answer.version}"; ${suggestName(answer.version, answer.known)}`,
      );
    case 'unavailable':
    case 'partial':
      throw refusal(answer.reason);
    case 'observations': {
      const text = `${JSON.stringify(observationsToFile(answer.observations), null, 2)}\n`;
      if (options.output === undefined) {
        context.console.out(text);
        return;
      }
      try {
        writeFileSync(options.output, text);
      } catch (error) {
        throw refusal(`${options.output}: ${reasonOfFileError(error, 'folder')}`);
      }
      context.console.err(`wrote ${answer.observations.looks.length} looks to ${options.output}\n`);
    }
  }
}
