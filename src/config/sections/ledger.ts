import { z } from 'zod';
import { textSetting } from '../settings.js';

/** Where the embedded ledger keeps its file. */
export const ledgerSection = z
  .strictObject({
    dataDir: textSetting(
      './ml-verdict-data',
      'The folder of the ledger file, made if it is missing; relative to the working directory.',
    ),
  })
  .prefault({})
  .describe('The embedded ledger of counts and verdicts.');
