import { existsSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { ledgerPlace, ledgerSettings, loadConfig } from '../config/index.js';
import { describeFieldError, VerdictError } from '../domain/errors.js';
import { instantField } from '../domain/fields.js';
import { suggestName } from '../domain/nearest-name.js';
import { observationsToFile } from '../domain/observations-file.js';
import { parseWith } from '../domain/parsing.js';
import { openLedger, type ObservationAnswer, type ObservationQuery } from '../sources/index.js';
import type { AddCommand, CommandContext } from './commands.js';
import { exitStatus } from './exit-status.js';
import { reasonOfFileError } from './file-error.js';

interface ObserveOptions {
  readonly model: string;
  readonly canary: string;
  readonly stable?: string;
  readonly namespace: string;
  readonly asOf?: string;
  readonly since?: string;
  readonly config?: string;
  readonly dataDir?: string;
  readonly output?: string;
}

/** `observe`: the looks that a verdict would be made from, as an observations file for `judge` and `replay`. */
export const addObserveCommand: AddCommand = (program, context) => {
  program
    .command('observe')
    .description('write the looks that a verdict would be made from as an observations file')
    .requiredOption('-m, --model <name>', 'the model')
    .requiredOption('--canary <version>', 'version of the canary')
    .option('--stable <version>', 'version to compare with')
    .option('-n, --namespace <name>', 'namespace of the model', 'default')
    .option('--as-of <time>', 'the instant to observe up to, ISO 8601; default now')
    .option('--since <time>', 'observe nothing before it, ISO 8601')
    .option('-c, --config <file>', 'config file; its source is read')
    .option('--data-dir <folder>', 'folder of the ledger; wins over the config and DATABASE_URL')
    .option('-o, --output <file>', 'file to write; absent: standard output')
    .action((options: ObserveOptions) => observe(options, context));
};

async function observe(options: ObserveOptions, context: CommandContext): Promise<void> {
  const refuse = (message: string) => {
    context.console.err(`ml-verdict: ${message}\n`);
    context.setStatus(exitStatus.refused);
  };
  const config = loadConfig({
    file: options.config,
    env: context.env,
    flags: { dataDir: options.dataDir },
    toServe: false,
  });
  if (!config.ok) {
    refuse(config.errors.map(describeFieldError).join('\n            '));
    return;
  }
  const times = parseWith(timesSchema, { '--as-of': options.asOf, '--since': options.since });
  if (!times.ok) {
    refuse(times.errors.map(describeFieldError).join('\n            '));
    return;
  }
  const { '--as-of': asOfMs = Date.now(), '--since': sinceMs } = times.value;
  const place = ledgerPlace(config.value);
  if (typeof place === 'string' && !existsSync(place)) {
    refuse(`there is no ledger in "${place}": no such folder`);
    return;
  }
  const query: ObservationQuery = {
    namespace: options.namespace,
    model: options.model,
    canary: options.canary,
    ...(options.stable === undefined ? {} : { stable: options.stable }),
    asOfMs,
    ...(sinceMs === undefined ? {} : { sinceMs }),
  };
  try {
    const ledger = await openLedger(place, ledgerSettings(config.value));
    try {
      write(await ledger.observe(query), query, options, context, refuse);
    } finally {
      await ledger.close();
    }
  } catch (error) {
    if (!(error instanceof VerdictError)) throw error;
    refuse(error.message);
  }
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
  refuse: (message: string) => void,
): void {
  switch (answer.kind) {
    case 'unknown-model':
      refuse(`there is no model "${query.model}"; ${suggestName(query.model, answer.known)}`);
      return;
    case 'unknown-version':
      refuse(
        `model "${query.model}" has no version "${answer.version}"; ${suggestName(answer.version, answer.known)}`,
      );
      return;
    case 'unavailable':
    case 'partial':
      refuse(answer.reason);
      return;
    case 'observations': {
      const text = `${JSON.stringify(observationsToFile(answer.observations), null, 2)}\n`;
      if (options.output === undefined) {
        context.console.out(text);
        return;
      }
      try {
        writeFileSync(options.output, text);
      } catch (error) {
        refuse(`${options.output}: ${reasonOfFileError(error, 'folder')}`);
        return;
      }
      context.console.err(`wrote ${answer.observations.looks.length} looks to ${options.output}\n`);
    }
  }
}
