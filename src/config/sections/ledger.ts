import { z } from 'zod';
import { durationSetting, boundSetting, textSetting } from '../settings.js';

/** Where the embedded ledger keeps its file, and for how long it keeps what. */
export const ledgerSection = z
  .strictObject({
    dataDir: textSetting(
      './ml-verdict-data',
      'The folder of the ledger file, made if it is missing; relative to the working directory. Not used where the environment variable `DATABASE_URL` names a PostgreSQL database.',
    ),
    keepCounts: durationSetting(
      '35d',
      'Counts older than this are removed; at least `ingest.maxAge`, and `looks.lookback` and half an hour.',
      { min: 3600 },
    ),
    keepVerdicts: durationSetting(
      '365d',
      'Verdicts older than this are removed from the history; at least `looks.lookback`.',
      { min: 3600 },
    ),
    maxSize: boundSetting(
      'How much the ledger may hold, indexes included. Above it the oldest ids, verdicts and counts are removed before their time, but nothing of the last `looks.lookback`; if that is not enough, ingest is refused. `none`: as large as what is kept. Files of PostgreSQL take about a quarter more.',
    ),
  })
  .prefault({})
  .transform((section) => ({
    dataDir: section.dataDir,
    keepCountsMs: section.keepCounts,
    keepVerdictsMs: section.keepVerdicts,
    maxSizeBytes: section.maxSize,
  }))
  .describe('The embedded ledger of counts and verdicts.');
