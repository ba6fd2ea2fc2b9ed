import { z } from 'zod';
import { durationSetting, textSetting } from '../settings.js';

/** Where the embedded ledger keeps its file, and for how long it keeps what. */
export const ledgerSection = z
  .strictObject({
    dataDir: textSetting(
      './ml-verdict-data',
      'The folder of the ledger file, made if it is missing; relative to the working directory.',
    ),
    keepCounts: durationSetting('35d', 'Counts older than this are removed; at least `ingest.maxAge`.', {
      min: 3600,
    }),
    keepVerdicts: durationSetting('365d', 'Verdicts older than this are removed from the history.', {
      min: 3600,
    }),
  })
  .prefault({})
  .transform((section) => ({
    dataDir: section.dataDir,
    keepCountsMs: section.keepCounts,
    keepVerdictsMs: section.keepVerdicts,
  }))
  .describe('The embedded ledger of counts and verdicts.');
