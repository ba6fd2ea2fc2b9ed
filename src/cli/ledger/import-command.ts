import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import { ledgerPlace } from '../../config/index.js';
import { VerdictError } from '../../domain/errors.js';
import { openImport, type LedgerPlace } from '../../sources/index.js';
import type { CommandContext } from '../commands.js';
import { reasonOfFileError } from '../file-error.js';
import { addLedgerOptions, withConfig, type LedgerOptions } from './ledger-options.js';
import { linesOf } from './lines-of.js';
import { RowCounter } from './row-counter.js';

/** `ledger import`: an export into an empty ledger, wholly or not at all. */
export function addImportCommand(ledger: Command, context: CommandContext): void {
  const command = ledger
    .command('import')
    .description('fill an empty ledger with an export, wholly or not at all')
    .argument('<file>', 'the export; "-": standard input');
  addLedgerOptions(command)
    .addHelpText('after', '\nExit status: 0 if everything was imported, 3 if nothing was.')
    .action((file: string, options: LedgerOptions) =>
      withConfig(options, context, (config) => importLedger(ledgerPlace(config), file, context)),
    );
}

async function importLedger(place: LedgerPlace, file: string, context: CommandContext): Promise<void> {
  const input = file === '-' ? process.stdin : await readable(file);
  const counter = new RowCounter(context.console, true);
  try {
    const transfer = await openImport(place);
    try {
      const { rows } = await transfer.import(linesOf(input), (more) => {
        counter.add(more);
      });
      counter.stop();
      context.console.err(`imported ${rows} rows\n`);
    } finally {
      await transfer.close();
    }
  } catch (error) {
    if (!(error instanceof VerdictError) || file === '-') throw error;
    throw new VerdictError(error.code, `${file}: ${error.message}`, error.fields, { cause: error });
  } finally {
    counter.stop();
    input.destroy();
  }
}

/** Opens the file first, so that no ledger is made for one that is not there. */
async function readable(path: string): Promise<Readable> {
  try {
    const handle = await open(path);
    if ((await handle.stat()).isDirectory()) {
      await handle.close();
      throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
    }
    return createReadStream(path, { fd: handle });
  } catch (error) {
    throw new VerdictError('invalid-input', `${path}: ${reasonOfFileError(error)}`);
  }
}
