import { z } from 'zod';

const target = z.object({
  percent: z.number().default(0),
  revisionName: z.string().default(''),
  latestRevision: z.boolean().default(false),
  tag: z.string().optional(),
});

const service = z.object({
  metadata: z.object({ namespace: z.string(), name: z.string(), uid: z.string(), generation: z.number() }),
  spec: z.object({
    predictor: z.object({
      canaryTrafficPercent: z.number().optional(),
      model: z.object({ storageUri: z.string().optional() }).optional(),
    }),
  }),
  status: z
    .object({
      deploymentMode: z.string().optional(),
      components: z
        .object({
          predictor: z
            .object({
              latestCreatedRevision: z.string().optional(),
              latestReadyRevision: z.string().optional(),
              latestRolledoutRevision: z.string().optional(),
              previousRolledoutRevision: z.string().optional(),
              traffic: z.array(target).default([]),
            })
            .optional(),
        })
        .default({}),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      modelStatus: z.object({ transitionStatus: z.string().optional() }).default({}),
    })
    .prefault({}),
});

/** An InferenceService in Knative mode, in the words of this rig. */
export interface InferenceService {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly storageUri: string | undefined;
  /** As its spec has it. */
  readonly canaryPercent: number | undefined;
  readonly created: string | undefined;
  readonly ready: string | undefined;
  readonly rolledOut: string | undefined;
  readonly previous: string | undefined;
  readonly isReady: boolean;
  readonly transition: string | undefined;
  /** What each revision gets of the traffic, as its status says. */
  readonly percents: ReadonlyMap<string, number>;
}

export function readInferenceService(object: unknown): InferenceService {
  const { metadata, spec, status } = service.parse(object);
  const { predictor } = status.components;
  const percents = new Map<string, number>();
  for (const { revisionName, percent } of predictor?.traffic ?? []) {
    percents.set(revisionName, (percents.get(revisionName) ?? 0) + percent);
  }
  return {
    ...metadata,
    storageUri: spec.predictor.model?.storageUri,
    canaryPercent: spec.predictor.canaryTrafficPercent,
    created: predictor?.latestCreatedRevision,
    ready: predictor?.latestReadyRevision,
    rolledOut: predictor?.latestRolledoutRevision,
    previous: predictor?.previousRolledoutRevision,
    isReady: status.conditions.some((one) => one.type === 'Ready' && one.status === 'True'),
    transition: status.modelStatus.transitionStatus,
    percents,
  };
}
