import { z } from 'zod';
import { secondsField } from '../../domain/fields.js';
import { isVersionPattern, versionPlaceholder } from '../../sources/prometheus/signals/versions.js';
import type {
  CountSignal,
  LatencySignal,
  StartTimeSelection,
  VersionSelection,
} from '../../sources/prometheus/signals/signal.js';
import { outcomesSetting, predictionsSetting } from './outcome-settings.js';
import {
  countSetting,
  filledText,
  labelName,
  latencySetting,
  metricName,
  whereSetting,
} from './signal-settings.js';

/** The labels by which most targets tell the start of their process. */
const processLabels: readonly string[] = ['job', 'instance'];

const versionSetting = z
  .union([
    labelName.transform((label) => ({ label })),
    z.strictObject({
      label: labelName,
      pattern: filledText(['model', 'namespace', 'version'])
        .refine(isVersionPattern, { error: `a text with ${versionPlaceholder} in it once` })
        .optional(),
    }),
  ])
  .transform(
    ({
      label,
      pattern = versionPlaceholder,
    }: {
      label: string;
      pattern?: string | undefined;
    }): VersionSelection => ({
      label,
      pattern,
    }),
  )
  .optional()
  .describe(
    'The label that tells the series of a version: `revision`; or one in which the version is a part, `{ label: pod, pattern: "*-{{version}}-*" }` (`*` is any text). Absent: as the preset has it, without one `version`.',
  );

const startTimeSetting = z
  .union([
    metricName.transform((metric) => ({ metric })),
    z.strictObject({ metric: metricName, on: z.array(labelName).min(1).optional() }),
  ])
  .transform(
    ({
      metric,
      on = processLabels,
    }: {
      metric: string;
      on?: readonly string[] | undefined;
    }): StartTimeSelection => ({
      metric,
      on,
    }),
  )
  .optional()
  .describe(
    'When the processes began, in seconds since 1970, so that the first requests of a new pod count: a metric, or `{ metric: kube_pod_container_state_started, on: [namespace, pod, container] }` with the labels by which it belongs to the others. Absent: as the preset has it, without one `process_start_time_seconds` on `job` and `instance`.',
  );

const none = z.literal('none').transform((): 'none' => 'none');

const errorsSetting = z.union([countSetting, none]).transform((given: CountSignal | 'none') => given);
const latencyOrNone = z.union([latencySetting, none]).transform((given: LatencySignal | 'none') => given);

/** How a model is read from a server with the Prometheus query API. What is absent is what the entry for all models says. */
export const modelPrometheus = z
  .strictObject({
    server: z
      .string()
      .min(1)
      .optional()
      .describe('The server, by its name in `prometheus.servers`. Absent: the only one.'),
    preset: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Which metrics the model server has, see [presets](presets.md). What is named below replaces single signals of it.',
      ),
    where: whereSetting.optional(),
    version: versionSetting,
    requests: countSetting
      .optional()
      .describe(
        'The counter of requests: its name, or `{ metric: name or list of names, where: …, minus: counter }`.',
      ),
    errors: errorsSetting
      .optional()
      .describe('The counter of failed requests, likewise; `none`: errors are not measured.'),
    latency: latencyOrNone
      .optional()
      .describe(
        'The histogram of request times: its name without `_bucket`, or `{ histogram: name, unit: s, ms, us or ns, form: classic or native, where: … }`; `{ summary: name }` for quantiles that the server computes; `none`. Absent unit: by the end of the name.',
      ),
    predictions: predictionsSetting
      .optional()
      .describe(
        'Predictions by output: `score: { histogram: name }` for scores, `class: { counter: name, label: class }` for classes. A preset that has outputs by name takes `score: { kind: scores }` or `{ kind: labels }`. A single output may be written without its name.',
      ),
    outcomes: outcomesSetting
      .optional()
      .describe(
        'Business outcomes by name: `clicked: { count: counter, sum: counter }`, with `sumOfSquares` where values are not only 0 and 1, and `immediate: true` where an outcome is known with its request. A preset that has outcomes by name takes `clicked: {}`. A single one may be written without its name.',
      ),
    startTime: startTimeSetting,
    targetLabels: z
      .array(labelName)
      .min(1)
      .optional()
      .describe(
        'The labels that tell one scraped target from another. Absent: `namespace`, `pod`, `job`, `instance`; the label of the version is always one.',
      ),
    replicaLabels: z
      .array(labelName)
      .optional()
      .describe(
        'The labels that tell only which of several collectors took a sample: of series that differ in nothing else one counts. Absent: `prometheus_replica`, `replica`, `__replica__`.',
      ),
    aggregated: z
      .boolean()
      .optional()
      .describe(
        'The series are sums over pods, made by a recording rule. A pod that ends makes such a sum smaller, which looks like a restart: counts are then too large, and verdicts say so.',
      ),
    scrapeInterval: secondsField()
      .refine((seconds) => seconds >= 1 && seconds <= 3600, { error: 'a duration from 1 s to 60 min' })
      .transform((seconds) => seconds * 1000)
      .optional()
      .describe('How often its targets are scraped. Absent: as the server has it.'),
  })
  .transform(({ scrapeInterval, ...section }) => ({
    ...section,
    ...(scrapeInterval === undefined ? {} : { scrapeIntervalMs: scrapeInterval }),
  }));

/** What one entry says of how its model is read. */
export type ModelPrometheus = z.output<typeof modelPrometheus>;
