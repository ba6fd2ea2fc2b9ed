import { z } from 'zod';

const deployment = z.object({
  metadata: z.object({ namespace: z.string(), name: z.string(), uid: z.string(), generation: z.number() }),
  spec: z.object({
    predictors: z.array(
      z.object({ name: z.string(), shadow: z.boolean().optional(), traffic: z.number().optional() }),
    ),
  }),
});

/** As much of a SeldonDeployment as its operator's stand-in reads. */
export type SeldonDeployment = z.infer<typeof deployment>;

export function readSeldonDeployment(object: unknown): SeldonDeployment {
  return deployment.parse(object);
}
