import { z } from 'zod';
import { durationSetting, sizeSetting, wholeSetting } from '../settings.js';

/** How many payload events are held, and for how long. */
export const eventsSection = z
  .strictObject({
    bodyLimit: sizeSetting(
      '1MiB',
      'The longest body that is read; of a longer one the request counts, without its prediction.',
    ),
    memory: sizeSetting(
      '32MiB',
      'What the bodies that are being received or wait to be read may take, all together; events beyond it are let go.',
    ),
    waiting: wholeSetting(20_000, 'Events that may wait to be read; further ones are let go.', {
      min: 1,
      max: 1_000_000,
    }),
    openCalls: wholeSetting(
      100_000,
      'Calls of which only the request, or only the response, has come: in mode `all`, and as many ids are remembered to recognise repetitions.',
      { min: 1, max: 10_000_000 },
    ),
    saveEvery: durationSetting(
      '1s',
      'How often counts are written to the ledger. Events are answered before that: a crash loses at most this much, and what waits.',
      { min: 0.01, max: 60 },
    ),
    duplicateWindow: durationSetting(
      '5m',
      'For how long an event is recognised when it comes a second time.',
      {
        min: 1,
        max: 86_400,
      },
    ),
  })
  .prefault({})
  .transform((section) => ({
    bodyLimitBytes: section.bodyLimit,
    memoryBytes: section.memory,
    waiting: section.waiting,
    openCalls: section.openCalls,
    saveEveryMs: section.saveEvery,
    duplicateWindowMs: section.duplicateWindow,
  }))
  .describe(
    '`POST /v1/events/…`: payload events of KServe and Seldon. Only a restart changes these. What is read from the events of a model is in `models`, see [payload loggers](../guides/payload-loggers.md).',
  );
