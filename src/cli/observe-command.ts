import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Config } from '../config/index.js';
import { describeFieldError, VerdictError } from '../domain/errors.js';
import { instantField } from '../domain/fields.js';
import { suggestName } from '../domain/nearest-name.js';
import type { Observations } from '../domain/observations.js';
import { observationsToFile } from '../domain/observations-file.js';
import { parseWith } from '../domain/parsing.js';
import { formatCount, formatInstant } from '../domain/units.js';
import type { ObservationAnswer, ObservationQuery } from '../sources/index.js';
import type { AddCommand, CommandContext } from './commands.js';
import { reasonOfFileError } from './file-error.js';
import { addLedgerOptions, withConfig, type LedgerOptions } from './ledger/ledger-options.js';
import { openSource } from './observe/open-source.js';
import { whatWasNoticed } from './observe/what-was-noticed.js';
import { printable } from './output/printable.js';

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
  addLedgerOptions(command, 'config file; it says which source the model has')
    .option('-o, --output <file>', 'file to write; absent: standard output')
    .addHelpText('after', '\nWhat was noticed while counting goes to standard error.')
    .action((options: ObserveOptions) =>
      withConfig(options, context, (config) => observe(config, options, context)),
    );
};

async function observe(config: Config, options: ObserveOptions, context: CommandContext): Promise<void> {
  const query = queryOf(options);
  const opened = await openSource(config, query.namespace, query.model);
  try {
    const answer = await opened.source.observe(query);
    if (answer.kind !== 'observations') throw refusalOf(answer, query);
    write(answer.observations, options, context);
    for (const sentence of [...opened.unknown, ...whatWasNoticed(answer.details)]) {
      context.console.err(`ml-verdict: note: ${printable(sentence)}\n`);
    }
  } finally {
    await opened.close();
  }
}

const timesSchema = z.strictObject({
  '--as-of': instantField().optional(),
  '--since': instantField().optional(),
});

function queryOf({ namespace, model, canary, stable, asOf, since }: ObserveOptions): ObservationQuery {
  const times = parseWith(timesSchema, { '--as-of': asOf, '--since': since });
  if (!times.ok) throw refusal(times.errors.map(describeFieldError).join('\n            '));
  const { '--as-of': asOfMs = Date.now(), '--since': sinceMs } = times.value;
  return {
    namespace,
    model,
    canary,
    ...(stable === undefined ? {} : { stable }),
    asOfMs,
    ...(asOf === undefined ? { isNow: true } : {}),
    ...(sinceMs === undefined ? {} : { sinceMs }),
  };
}

function refusal(message: string): VerdictError {
  return new VerdictError('invalid-input', message);
}

function refusalOf(
  answer: Exclude<ObservationAnswer, { readonly kind: 'observations' }>,
  { model }: ObservationQuery,
): VerdictError {
  switch (answer.kind) {
    case 'unknown-model':
      return refusal(`there is no model "${model}"; ${suggestName(model, answer.known)}`);
    case 'unknown-version':
      return refusal(
        `model "${model}" has no version "${answer.version}"; ${suggestName(answer.version, answer.known)}`,
      );
    case 'unavailable':
    case 'partial':
      return refusal(answer.reason);
  }
}

function write(observations: Observations, { output }: ObserveOptions, { console }: CommandContext): void {
  const text = `${JSON.stringify(observationsToFile(observations), null, 2)}\n`;
  if (output === undefined) {
    console.out(text);
    return;
  }
  try {
    writeFileSync(output, text);
  } catch (error) {
    throw refusal(`${output}: ${reasonOfFileError(error, 'folder')}`);
  }
  console.err(`wrote ${looksText(observations)} to ${output}\n`);
}

/** How many looks, and from when to when: of the canary's life, not of what was before. */
function looksText({ looks }: Observations): string {
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined) return 'no looks (the canary has had no traffic yet)';
  const count = looks.length === 1 ? '1 look' : `${formatCount(looks.length)} looks`;
  return `${count}, ${formatInstant(first.startMs)} to ${formatInstant(last.endMs)},`;
}
