import { z } from 'zod';

const rollout = z.object({
  metadata: z.object({ namespace: z.string(), name: z.string(), uid: z.string() }),
  status: z
    .object({
      phase: z.string().default(''),
      message: z.string().default(''),
      percent: z.number().default(0),
      stage: z.number().default(0),
      canary: z.string().nullish(),
      stable: z.string().nullish(),
      attempt: z.number().default(0),
      guarantee: z.string().default(''),
      lastVerdict: z
        .object({ verdict: z.string(), sentence: z.string(), id: z.string(), asOf: z.string() })
        .nullish(),
      conditions: z
        .array(z.object({ type: z.string(), status: z.string(), message: z.string().default('') }))
        .default([]),
      history: z.array(z.object({ at: z.string(), kind: z.string(), text: z.string() })).default([]),
    })
    .prefault({}),
});

type Told = z.infer<typeof rollout>;

/** A ModelRollout as its status tells it. */
export type ModelRolloutState = Told['status'] & Told['metadata'];

export function readModelRollout(object: unknown): ModelRolloutState {
  const { metadata, status } = rollout.parse(object);
  return { ...metadata, ...status };
}
