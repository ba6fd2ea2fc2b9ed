import { addExportCommand } from './ledger/export-command.js';
import { addImportCommand } from './ledger/import-command.js';
import type { AddCommand } from './commands.js';

/** `ledger`: takes a ledger as a whole out of its database, and into another. */
export const addLedgerCommand: AddCommand = (program, context) => {
  const ledger = program
    .command('ledger')
    .description('back up the ledger, or take it from one database to another')
    .addHelpText(
      'after',
      '\nThe ledger is the folder of the config or of --data-dir, or the PostgreSQL database of DATABASE_URL.',
    );
  addExportCommand(ledger, context);
  addImportCommand(ledger, context);
};
