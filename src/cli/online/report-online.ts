import type { Config } from '../../config/index.js';
import { describeFieldError } from '../../domain/errors.js';
import type { CommandContext } from '../commands.js';
import { exitStatus } from '../exit-status.js';
import { formatDocuments, type OutputFormat } from '../output/format.js';
import { checkOnline } from './check-online.js';
import { findingsTable } from './findings-table.js';
import { modelsToCheck, type OnlineOptions } from './models-to-check.js';

/** What `check-config --online` is given beside the config. */
export interface OnlineReportOptions extends OnlineOptions {
  readonly timeoutMs: number;
  readonly output: OutputFormat;
}

/** Tests a config on its live servers and prints what was found; status 3 where it cannot be used like this. */
export async function reportOnline(
  config: Config,
  options: OnlineReportOptions,
  context: CommandContext,
): Promise<void> {
  const models = modelsToCheck(config, options);
  if (!models.ok) {
    for (const error of models.errors) context.console.err(`ml-verdict: ${describeFieldError(error)}\n`);
    context.setStatus(exitStatus.refused);
    return;
  }
  const report = await checkOnline(config, {
    models: models.value,
    allServers: options.model === undefined,
    timeoutMs: options.timeoutMs,
    nowMs: Date.now(),
  });
  for (const note of unchecked(config, options, models.value.length)) {
    context.console.err(`ml-verdict: note: ${note}\n`);
  }
  context.console.out(
    options.output === 'table' || options.output === 'wide'
      ? findingsTable(report, context.console)
      : formatDocuments([report], options.output),
  );
  if (!report.usable) context.setStatus(exitStatus.refused);
}

/** What was not tested although somebody may expect it. */
function unchecked(config: Config, { model }: OnlineReportOptions, count: number): readonly string[] {
  if (config.prometheus.servers.size === 0) return ['the config names no server in prometheus.servers'];
  if (model !== undefined) return [];
  const isForAll = config.models.get('*')?.prometheus !== undefined;
  if (isForAll) {
    return ['models that have no entry of their own are tested with --model NAME: the entry "*" names none'];
  }
  return count === 0 ? ['the config has no model that is read from Prometheus'] : [];
}
