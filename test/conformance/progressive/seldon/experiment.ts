import { z } from 'zod';

const experiment = z.object({
  metadata: z.object({ namespace: z.string(), name: z.string(), generation: z.number() }),
  spec: z.object({
    default: z.string().optional(),
    candidates: z.array(z.object({ name: z.string(), weight: z.number() })),
  }),
});

/** As much of an Experiment as its operator's stand-in reads. */
export type Experiment = z.infer<typeof experiment>;

export function readExperiment(object: unknown): Experiment {
  return experiment.parse(object);
}
