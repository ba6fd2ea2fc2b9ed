/** AnalysisRuns that nobody owns, with the metrics of the shipped templates. */
import { z } from 'zod';
import { readManifestFile } from '../../../manifests/manifest-files.js';

export type TemplateName = 'ml-model-verdict' | 'ml-model-metrics' | 'ml-model-background';

export interface ShippedRun {
  readonly name: string;
  readonly template: TemplateName;
  /** Only these of its metrics; absent: all of them, with their rules for dry runs. */
  readonly metrics?: readonly string[];
  /** All of them as dry runs, as a Rollout can say. */
  readonly isShadow?: true;
  /** Without `jsonPath`. */
  readonly isWhole?: true | undefined;
  /** Where the service answers. */
  readonly url: string;
  /** The key of the Secret `ml-verdict-token` in place of `token`. */
  readonly tokenKey?: string;
}

const templateFile = z.looseObject({
  spec: z.looseObject({
    args: z.array(z.looseObject({ name: z.string() })),
    metrics: z.array(
      z.looseObject({
        name: z.string(),
        count: z.number().optional(),
        inconclusiveLimit: z.number().optional(),
        provider: z.object({ web: z.looseObject({}) }),
      }),
    ),
    dryRun: z.unknown().optional(),
  }),
});

/** What a Rollout would have supplied. */
const supplied: Readonly<Record<string, string>> = {
  namespace: 'ml',
  'canary-hash': '6cb46b76bb',
  'stable-hash': '54976c4859',
  weight: '5',
};

/**
 * The run, shortened: a measurement a second, a time limit of three seconds, and the third hold in a row is one too many.
 * Nothing else differs from the file.
 */
export function shippedRun({
  name,
  template,
  metrics,
  isShadow,
  isWhole,
  url,
  tokenKey,
}: ShippedRun): object {
  const [document] = readManifestFile(`analysis-templates/${template}.yaml`).documents;
  const { dryRun, ...spec } = templateFile.parse(document).spec;
  const values: Readonly<Record<string, string>> = { ...supplied, 'verdict-url': url, 'model-name': name };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisRun',
    metadata: { name },
    spec: {
      ...spec,
      ...(metrics === undefined && dryRun !== undefined ? { dryRun } : {}),
      ...(isShadow === true ? { dryRun: [{ metricName: '.*' }] } : {}),
      args: spec.args.map((arg) => {
        if (arg.name === 'token' && tokenKey !== undefined) {
          return { ...arg, valueFrom: { secretKeyRef: { name: 'ml-verdict-token', key: tokenKey } } };
        }
        const value = values[arg.name];
        return value === undefined ? arg : { ...arg, value };
      }),
      metrics: spec.metrics
        .filter((metric) => metrics?.includes(metric.name) !== false)
        .map((metric) => ({
          ...metric,
          interval: '1s',
          ...(metric.count === undefined ? {} : { count: 4 }),
          ...(metric.inconclusiveLimit === undefined ? {} : { inconclusiveLimit: 2 }),
          provider: {
            web: {
              ...(isWhole === true ? whole(metric.provider.web) : metric.provider.web),
              timeoutSeconds: 3,
            },
          },
        })),
    },
  };
}

function whole(web: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(web).filter(([key]) => key !== 'jsonPath'));
}
