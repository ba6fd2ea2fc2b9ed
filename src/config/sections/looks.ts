import { z } from 'zod';
import { durationSetting } from '../settings.js';

/** Which minutes make up the observations of a canary. */
export const looksSection = z
  .strictObject({
    settle: durationSetting('10s', 'A look counts once this long has passed since its end.', { max: 3600 }),
    lookback: durationSetting('24h', "How far back the canary version's first traffic is looked for.", {
      min: 60,
    }),
    restartGap: durationSetting(
      '10m',
      'A gap in the traffic of the canary longer than this is a restart, if the traffic of the stable version in it would have meant at least 10 canary requests.',
      { min: 60 },
    ),
  })
  .prefault({})
  .transform((section) => ({
    settleMs: section.settle,
    lookbackMs: section.lookback,
    restartGapMs: section.restartGap,
  }))
  .describe('The looks that a verdict is made from.');
