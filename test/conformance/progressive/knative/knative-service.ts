import { z } from 'zod';

const trafficTarget = z.object({
  percent: z.number().default(0),
  revisionName: z.string().optional(),
  latestRevision: z.boolean().optional(),
  tag: z.string().optional(),
});

/** One line of how traffic shall go, or goes. */
export type TrafficTarget = z.infer<typeof trafficTarget>;

const service = z.object({
  metadata: z.object({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    generation: z.number(),
  }),
  spec: z.object({ template: z.unknown(), traffic: z.array(trafficTarget).default([]) }),
});

/** As much of a Knative Service as the stand-in reads. */
export type KnativeService = z.infer<typeof service>;

export function readKnativeService(object: unknown): KnativeService {
  return service.parse(object);
}
