import { z } from 'zod';
import { durationSetting, sizeSetting } from '../settings.js';

/** What the ingest routes take. */
export const ingestSection = z
  .strictObject({
    maxAge: durationSetting('30d', 'Events older than this are refused.', { min: 60 }),
    joinWindow: durationSetting('7d', 'How long ids of predictions are kept for outcomes to find them.', {
      min: 60,
    }),
    lineLimit: sizeSetting('64KiB', 'The longest line of a body; a longer one is refused by its number.'),
    bodyLimit: sizeSetting(
      '256MiB',
      'The largest body; above it the answer is 413 and nothing of it is counted.',
    ),
    arrayLimit: sizeSetting(
      '32MiB',
      'The largest body that is one JSON array: unlike lines, it is held as a whole.',
    ),
  })
  .prefault({})
  .transform((section) => ({
    maxAgeMs: section.maxAge,
    joinWindowMs: section.joinWindow,
    lineLimitBytes: section.lineLimit,
    bodyLimitBytes: section.bodyLimit,
    arrayLimitBytes: section.arrayLimit,
  }))
  .describe('`POST /v1/predictions` and `POST /v1/outcomes`.');
