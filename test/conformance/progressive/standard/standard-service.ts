import { z } from 'zod';

const service = z.object({
  metadata: z.object({
    namespace: z.string(),
    name: z.string(),
    generation: z.number(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({
    predictor: z.object({ name: z.string().optional() }),
    canary: z
      .array(z.object({ trafficPercent: z.number(), predictor: z.object({ name: z.string() }) }))
      .default([]),
  }),
  status: z
    .object({
      canaryStatuses: z
        .array(z.object({ name: z.string().optional(), ready: z.boolean().default(false) }))
        .default([]),
    })
    .prefault({}),
});

/** As much of an InferenceService in Standard mode as its routes follow from. */
export type StandardService = z.infer<typeof service>;

/** Undefined where it is in another mode. */
export function readStandardService(object: unknown): StandardService | undefined {
  const read = service.parse(object);
  return read.metadata.annotations['serving.kserve.io/deploymentMode'] === 'Standard' ? read : undefined;
}

/** What Standard mode calls the Service of a predictor. */
export function serviceName({ metadata }: StandardService, predictor: string | undefined): string {
  return predictor === undefined ? `${metadata.name}-predictor` : `${metadata.name}-${predictor}-predictor`;
}
