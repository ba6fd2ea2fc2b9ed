import { z } from 'zod';
import { durationSetting, sizeSetting, wholeSetting } from '../settings.js';

/** How much is done at a time, and how often one caller may ask. */
export const limitsSection = z
  .strictObject({
    connections: wholeSetting(
      20_000,
      'Open connections; further ones are closed as they come. Keep the limit of open files of the process above it.',
      { min: 1, max: 1_000_000 },
    ),
    verdicts: wholeSetting(500, 'Verdicts that are answered at a time; a further one gets 503.', {
      min: 1,
      max: 100_000,
    }),
    ingest: wholeSetting(250, 'Bodies of predictions and outcomes that are taken at a time.', {
      min: 1,
      max: 100_000,
    }),
    reads: wholeSetting(8, 'Reads of observations, of the history and plans that are answered at a time.', {
      min: 1,
      max: 10_000,
    }),
    ingestMemory: sizeSetting(
      '256MiB',
      'What the bodies that are being taken may hold in memory, all together; a body that would need more gets 503.',
    ),
    callerRequests: wholeSetting(
      100_000,
      'Requests of one caller (by the name of its token, else by its address) within `callerWindow`; a further one gets 429, but for payload events, which are answered 200 and let go. Probes and `/metrics` are not counted.',
      { min: 1, max: 1_000_000_000 },
    ),
    callerWindow: durationSetting('10s', 'See `callerRequests`.', { min: 1, max: 3600 }),
  })
  .prefault({})
  .transform((section) => ({
    connections: section.connections,
    verdicts: section.verdicts,
    ingest: section.ingest,
    reads: section.reads,
    ingestMemoryBytes: section.ingestMemory,
    callerRequests: section.callerRequests,
    callerWindowMs: section.callerWindow,
  }))
  .describe(
    'How much is done at a time. What is beyond a limit is refused with 503 or 429 and `Retry-After`, before its body is read. Sizes of bodies and lines are in `server` and `ingest`.',
  );
