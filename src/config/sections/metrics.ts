import { z } from 'zod';
import { latencyBucketsSetting, scoreBucketsSetting } from '../bucket-settings.js';
import { durationSetting, wholeSetting } from '../settings.js';

/** In steps of 0.05 from 0 to 1: what lies below or above is in the buckets at the ends. */
const twentieths = Array.from({ length: 21 }, (_, step) => step / 20);

const ingested = z
  .strictObject({
    enabled: z
      .boolean()
      .prefault(false)
      .describe('Whether they are there. They count from the moment on in which they are.'),
    models: z
      .array(z.string().min(1).max(507))
      .min(1)
      .prefault(['*'])
      .describe(
        'Of which models: names, or `namespace/model`, each with `*` for any text. Others are not counted there.',
      ),
    maxSeries: wholeSetting(
      5000,
      'How many series there may be, of all these metrics together. A version that does not fit is left out as a whole, counted in `ml_verdict_ingested_dropped_total` and told once in the log.',
      { min: 10, max: 50_000 },
    ),
    maxLabels: wholeSetting(
      50,
      'How many labels of a prediction output are told apart, the same ones for all versions of a model; further ones are counted together, under the empty label.',
      { min: 1, max: 10_000 },
    ),
    staleAfter: durationSetting(
      '24h',
      'The series of a version are removed once nothing of it was ingested for this long.',
      { min: 60 },
    ),
    latencyBuckets: latencyBucketsSetting(
      'Bounds of the histogram of request times, in seconds. Only those on which the ledger counts, which are all by default: every bucket is exact.',
    ),
    scoreBuckets: scoreBucketsSetting()
      .prefault(twentieths)
      .describe(
        'Bounds of the histograms of scores. Inside [0, 1] hundredths, which are exact. Outside each is moved to the nearest edge of the grid on which the ledger counts, by 2 % at most; `le` tells where it is, and it is exact there.',
      ),
    scoreBucketsFor: z
      .record(
        z.string().min(1),
        z.record(
          z.string().min(1),
          scoreBucketsSetting().describe(
            'Bounds for one prediction output of a model (`model`, or `namespace/model`), or with `*` for all others of its outputs.',
          ),
        ),
      )
      .prefault({})
      .describe('Other bounds by model and output.'),
  })
  .prefault({})
  .transform(({ staleAfter, ...section }) => ({ ...section, staleAfterMs: staleAfter }))
  .describe('What is ingested, as counters and histograms for a Prometheus to scrape.');

/** What `/metrics` offers beside the service's own figures. */
export const metricsSection = z
  .strictObject({ ingested })
  .prefault({})
  .describe(
    'What `/metrics` offers beside the figures of the service itself, see [ingested metrics](../guides/ingested-metrics.md).',
  );
