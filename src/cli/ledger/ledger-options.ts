import { ledgerPlace, loadConfig } from '../../config/index.js';
import { describeFieldError, VerdictError } from '../../domain/errors.js';
import type { LedgerPlace } from '../../sources/index.js';
import type { CommandContext } from '../commands.js';
import { exitStatus } from '../exit-status.js';

/** The options by which a command finds its ledger. */
export interface LedgerOptions {
  readonly config?: string;
  readonly dataDir?: string;
}

/** Runs a command on the ledger that the options and the environment name; what it cannot do is one message. */
export async function onLedger(
  options: LedgerOptions,
  context: CommandContext,
  work: (place: LedgerPlace) => Promise<void>,
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
    for (const error of config.errors) refuse(describeFieldError(error));
    return;
  }
  try {
    await work(ledgerPlace(config.value));
  } catch (error) {
    if (!(error instanceof VerdictError)) throw error;
    refuse(error.message);
  }
}
