import type { Command } from 'commander';
import { loadConfig, type Config } from '../../config/index.js';
import { describeFieldError, VerdictError } from '../../domain/errors.js';
import type { CommandContext } from '../commands.js';
import { exitStatus } from '../exit-status.js';

/** The options by which a command finds its ledger. */
export interface LedgerOptions {
  readonly config?: string;
  readonly dataDir?: string;
}

/** Gives a command the options by which it finds its ledger. `config`: what it needs the config file for. */
export function addLedgerOptions(command: Command, config = 'config file (env ML_VERDICT_CONFIG)'): Command {
  return command
    .option('-c, --config <file>', config)
    .option('--data-dir <folder>', 'folder of the ledger; wins over the config and DATABASE_URL');
}

/**
 * Runs a command with the config that the options and the environment name. What it cannot do, a VerdictError, is one
 * message, and so is every mistake in the config.
 */
export async function withConfig(
  options: LedgerOptions,
  context: CommandContext,
  work: (config: Config) => Promise<void>,
): Promise<void> {
  const refuse = (message: string): void => {
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
  try {
    await work(config.value);
  } catch (error) {
    if (!(error instanceof VerdictError)) throw error;
    refuse(error.message);
  }
}
