import { open, rename, rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { ledgerPlace } from '../../config/index.js';
import { VerdictError } from '../../domain/errors.js';
import { openExport, type LedgerPlace } from '../../sources/index.js';
import type { CommandContext } from '../commands.js';
import { reasonOfFileError } from '../file-error.js';
import { addLedgerOptions, withConfig, type LedgerOptions } from './ledger-options.js';
import { RowCounter } from './row-counter.js';

interface ExportOptions extends LedgerOptions {
  readonly output?: string;
}

/** `ledger export`: everything in the ledger, as it is at one moment, as lines of JSON. */
export function addExportCommand(ledger: Command, context: CommandContext): void {
  const command = ledger
    .command('export')
    .description('write the whole ledger as lines of JSON, also while the service runs')
    .option('-o, --output <file>', 'file to write; absent or "-": standard output');
  addLedgerOptions(command)
    .addHelpText('after', '\nExit status: 0 if the export is whole, else 3.')
    .action((options: ExportOptions) =>
      withConfig(options, context, (config) =>
        exportLedger(ledgerPlace(config), options.output ?? '-', context),
      ),
    );
}

async function exportLedger(place: LedgerPlace, output: string, context: CommandContext): Promise<void> {
  const target = output === '-' ? standardOutput(context) : await fileTarget(output);
  const counter = new RowCounter(context.console, output !== '-');
  try {
    const transfer = await openExport(place);
    try {
      const { rows } = await transfer.export(async ({ text, rows: more }) => {
        await target.write(text);
        counter.add(more);
      });
      await target.finish();
      counter.stop();
      if (output !== '-') context.console.err(`wrote ${rows} rows to ${output}\n`);
    } finally {
      await transfer.close();
    }
  } catch (error) {
    counter.stop();
    await target.abandon();
    throw error;
  }
}

/** Where an export goes. */
interface Target {
  write(text: string): Promise<void>;
  finish(): Promise<void>;
  abandon(): Promise<void>;
}

function standardOutput({ console }: CommandContext): Target {
  return {
    write: async (text) => {
      console.out(text);
      await console.drained?.();
    },
    finish: () => Promise.resolve(),
    abandon: () => Promise.resolve(),
  };
}

/** A file that has its name only once it is whole and on the disk. */
async function fileTarget(path: string): Promise<Target> {
  const unfinished = `${path}.unfinished`;
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw new VerdictError('invalid-input', `${path}: ${reasonOfFileError(error, 'folder')}`);
    }
  };
  const file = await explained(open(unfinished, 'w'));
  return {
    write: async (text) => {
      await explained(file.writeFile(text));
    },
    finish: async () => {
      await explained(file.sync());
      await file.close();
      await explained(rename(unfinished, path));
    },
    abandon: async () => {
      await file.close().catch(() => undefined);
      await rm(unfinished, { force: true });
    },
  };
}
