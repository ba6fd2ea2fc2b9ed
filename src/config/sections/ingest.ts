import { z } from 'zod';
import { durationSetting, sizeSetting, wholeSetting } from '../settings.js';

/** What the ingest routes take. */
export const ingestSection = z
  .strictObject({
    maxAge: durationSetting('30d', 'Events older than this are refused.', { min: 60 }),
    joinWindow: durationSetting('7d', 'How long ids of predictions are kept for outcomes to find them.', {
      min: 60,
    }),
    lineLimit: sizeSetting(
      '64KiB',
      'The longest line of a body, or element of an array; a longer one is refused by its number.',
    ),
    linesLimit: wholeSetting(
      1_000_000,
      'The lines, or elements, of a body; above it the answer is 413 and nothing of it is counted.',
      { min: 1, max: 100_000_000 },
    ),
    bodyLimit: sizeSetting(
      '256MiB',
      'The largest body, as it is sent and as it is decoded; above it the answer is 413 and nothing of it is counted.',
    ),
    maxModels: wholeSetting(
      1000,
      'How many models the ledger may have, over all namespaces; a line of one more is refused.',
      { min: 1, max: 100_000 },
    ),
    maxVersions: wholeSetting(
      1000,
      'How many versions a model may have; a line of one more is refused. Versions without counts are forgotten after `ledger.keepCounts` and `ingest.joinWindow`.',
      { min: 2, max: 100_000 },
    ),
    maxOutputs: wholeSetting(
      50,
      'How many prediction outputs, and how many outcomes, a model may have; a line of one more is refused.',
      { min: 1, max: 1000 },
    ),
    maxLabels: wholeSetting(
      200,
      'How many labels of a prediction output are told apart; all further ones are counted together, as "other".',
      { min: 1, max: 10_000 },
    ),
  })
  .prefault({})
  .transform((section) => ({
    maxAgeMs: section.maxAge,
    joinWindowMs: section.joinWindow,
    lineLimitBytes: section.lineLimit,
    linesLimit: section.linesLimit,
    bodyLimitBytes: section.bodyLimit,
    maxModels: section.maxModels,
    maxVersions: section.maxVersions,
    maxOutputs: section.maxOutputs,
    maxLabels: section.maxLabels,
  }))
  .describe('`POST /v1/predictions` and `POST /v1/outcomes`.');
