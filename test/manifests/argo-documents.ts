/**
 * The part of Argo's documents that the rules read. Narrow and lenient on purpose: whether a document is complete and
 * has no unknown fields is the schema's business, checked before.
 */
import { z } from 'zod';

const intOrString = z.union([z.number(), z.string()]);

const argument = z.object({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .object({
      fieldRef: z.object({ fieldPath: z.string() }).optional(),
      secretKeyRef: z.object({ name: z.string(), key: z.string() }).optional(),
      podTemplateHashValue: z.string().optional(),
    })
    .optional(),
});

const webProvider = z.object({
  method: z.string().optional(),
  url: z.string(),
  headers: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
  body: z.string().optional(),
  jsonBody: z.record(z.string(), z.unknown()).optional(),
  jsonPath: z.string().optional(),
  timeoutSeconds: z.number().optional(),
});

const metric = z.looseObject({
  name: z.string(),
  interval: z.string().optional(),
  initialDelay: z.string().optional(),
  count: intOrString.optional(),
  consecutiveSuccessLimit: intOrString.optional(),
  failureLimit: intOrString.optional(),
  inconclusiveLimit: intOrString.optional(),
  consecutiveErrorLimit: intOrString.optional(),
  successCondition: z.string().optional(),
  failureCondition: z.string().optional(),
  provider: z.looseObject({ web: webProvider.optional() }),
});

const metricSelection = z.object({ metricName: z.string(), limit: intOrString.optional() });

const analysisTemplate = z.object({
  kind: z.enum(['AnalysisTemplate', 'ClusterAnalysisTemplate']),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    args: z.array(argument).default([]),
    metrics: z.array(metric).default([]),
    dryRun: z.array(metricSelection).default([]),
    measurementRetention: z.array(metricSelection).default([]),
  }),
});

const templateReference = z.object({ templateName: z.string(), clusterScope: z.boolean().default(false) });

const analysisStep = z.object({
  templates: z.array(templateReference).default([]),
  args: z.array(argument).default([]),
});

const backgroundAnalysis = analysisStep.extend({ startingStep: z.number().optional() });

const labels = z.record(z.string(), z.string()).default({});

const experimentStep = z.looseObject({
  duration: z.string().optional(),
  templates: z
    .array(
      z.looseObject({
        name: z.string(),
        specRef: z.string(),
        weight: z.number().optional(),
        metadata: z.looseObject({ labels }).default({ labels: {} }),
      }),
    )
    .default([]),
  analyses: z
    .array(
      templateReference.extend({
        name: z.string(),
        requiredForCompletion: z.boolean().default(false),
        args: z.array(argument).default([]),
      }),
    )
    .default([]),
});

const step = z.looseObject({
  setWeight: z.number().optional(),
  pause: z.object({ duration: intOrString.optional() }).optional(),
  analysis: analysisStep.optional(),
  experiment: experimentStep.optional(),
});

const trafficRouting = z.looseObject({
  istio: z
    .looseObject({
      virtualService: z.looseObject({ name: z.string(), routes: z.array(z.string()).default([]) }).optional(),
    })
    .optional(),
  nginx: z.looseObject({ stableIngress: z.string().optional() }).optional(),
  plugins: z.record(z.string(), z.looseObject({ httpRoute: z.string().optional() })).optional(),
});

const rollout = z.object({
  kind: z.literal('Rollout'),
  metadata: z.object({ name: z.string(), annotations: labels }),
  spec: z.looseObject({
    replicas: z.number().optional(),
    selector: z.object({ matchLabels: labels }).optional(),
    template: z.looseObject({ metadata: z.looseObject({ labels }) }),
    strategy: z.looseObject({
      canary: z.looseObject({
        canaryService: z.string().optional(),
        stableService: z.string().optional(),
        maxSurge: intOrString.optional(),
        maxUnavailable: intOrString.optional(),
        trafficRouting: trafficRouting.optional(),
        analysis: backgroundAnalysis.optional(),
        steps: z.array(step).default([]),
      }),
    }),
  }),
});

const service = z.object({
  kind: z.literal('Service'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    selector: labels,
    ports: z.array(z.looseObject({ name: z.string().optional(), port: z.number() })).default([]),
  }),
});

const virtualService = z.object({
  kind: z.literal('VirtualService'),
  metadata: z.object({ name: z.string() }),
  spec: z.looseObject({
    hosts: z.array(z.string()).default([]),
    http: z
      .array(
        z.looseObject({
          name: z.string().optional(),
          route: z
            .array(z.looseObject({ destination: z.looseObject({ host: z.string() }), weight: z.number() }))
            .default([]),
        }),
      )
      .default([]),
  }),
});

const backendService = z.looseObject({
  name: z.string(),
  port: z.object({ name: z.string().optional(), number: z.number().optional() }),
});

const ingress = z.object({
  kind: z.literal('Ingress'),
  metadata: z.object({ name: z.string() }),
  spec: z.looseObject({
    rules: z
      .array(
        z.looseObject({
          http: z.looseObject({
            paths: z.array(z.looseObject({ backend: z.looseObject({ service: backendService }) })),
          }),
        }),
      )
      .default([]),
  }),
});

const httpRoute = z.object({
  kind: z.literal('HTTPRoute'),
  metadata: z.object({ name: z.string() }),
  spec: z.looseObject({
    rules: z
      .array(
        z.looseObject({
          backendRefs: z
            .array(z.looseObject({ name: z.string(), port: z.number(), weight: z.number() }))
            .default([]),
        }),
      )
      .default([]),
  }),
});

export type Argument = z.output<typeof argument>;
export type Metric = z.output<typeof metric>;
export type AnalysisTemplate = z.output<typeof analysisTemplate>;
export type TemplateReference = z.output<typeof templateReference>;
export type CanaryStep = z.output<typeof step>;
export type ExperimentStep = z.output<typeof experimentStep>;
export type Rollout = z.output<typeof rollout>;
export type Service = z.output<typeof service>;
export type VirtualService = z.output<typeof virtualService>;
export type Ingress = z.output<typeof ingress>;
export type HttpRoute = z.output<typeof httpRoute>;

const argoDocument = z.discriminatedUnion('kind', [
  analysisTemplate,
  rollout,
  service,
  virtualService,
  ingress,
  httpRoute,
]);

export type ArgoDocument = z.output<typeof argoDocument>;

/** The document as the rules read it, or undefined for a kind that they know nothing about. */
export function readDocument(document: unknown): ArgoDocument | undefined {
  const parsed = argoDocument.safeParse(document);
  return parsed.success ? parsed.data : undefined;
}
