import { z } from 'zod';

const duration = z.string().regex(/^\d+(?:ms|s|m|h)$/);

/** The part of Prometheus's own config that the documents show: a mistyped key is none of these. */
export const scrapeConfigSchema = z.strictObject({
  scrape_configs: z
    .array(
      z.strictObject({
        job_name: z.string().min(1),
        scrape_interval: duration.optional(),
        scrape_timeout: duration.optional(),
        metrics_path: z.string().startsWith('/').optional(),
        honor_labels: z.boolean().optional(),
        static_configs: z.array(
          z.strictObject({
            targets: z.array(z.string().regex(/^[\w.-]+:\d+$/)).min(1),
            labels: z.record(z.string(), z.string()).optional(),
          }),
        ),
      }),
    )
    .min(1),
});
