import { z } from 'zod';

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});

const rollout = z.object({
  metadata: z.object({ namespace: z.string(), name: z.string(), generation: z.number() }),
  status: z
    .object({
      observedGeneration: z.string().optional(),
      phase: z.string().default(''),
      message: z.string().default(''),
      abort: z.boolean().default(false),
      currentStepIndex: z.number().optional(),
      stableRS: z.string().default(''),
      currentPodHash: z.string().default(''),
      replicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      availableReplicas: z.number().default(0),
      pauseConditions: z.array(z.object({ reason: z.string() })).default([]),
      conditions: z.array(condition).default([]),
      canary: z
        .object({
          weights: z
            .object({
              canary: z.object({ weight: z.number() }),
              stable: z.object({ weight: z.number() }),
            })
            .optional(),
        })
        .prefault({}),
    })
    .prefault({}),
});

export interface RolloutCondition {
  readonly type: string;
  /** `True`, `False` or `Unknown`. */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** What a Rollout says of itself; hashes are those of pod templates. */
export interface RolloutState {
  readonly namespace: string;
  readonly name: string;
  /** Counts the changes of its spec. */
  readonly generation: number;
  /** Whether the controller has seen the newest spec; before, all else tells of the one before. */
  readonly isObserved: boolean;
  /** `Healthy`, `Degraded`, `Progressing` or `Paused`; empty before the controller has seen it. */
  readonly phase: string;
  readonly message: string;
  readonly isAborted: boolean;
  /** Absent without steps; behind the last one once it is fully promoted. */
  readonly currentStepIndex: number | undefined;
  readonly stableHash: string;
  /** Of the newest template, also after an abort. */
  readonly currentHash: string;
  /** Percent, as a traffic router was told; absent without one. */
  readonly weights: { readonly canary: number; readonly stable: number } | undefined;
  readonly replicas: number;
  /** Those of the newest template. */
  readonly updatedReplicas: number;
  readonly availableReplicas: number;
  /** The share of requests that go to the newest template, 0 to 1: as routed, or else as pods are split. */
  readonly currentShare: number;
  /** Reasons, e.g. `CanaryPauseStep` or `InconclusiveAnalysisRun`. */
  readonly pauses: readonly string[];
  readonly conditions: readonly RolloutCondition[];
}

export function readRolloutState(object: unknown): RolloutState {
  const { metadata, status } = rollout.parse(object);
  const { weights } = status.canary;
  return {
    ...metadata,
    isObserved: status.observedGeneration === String(metadata.generation),
    phase: status.phase,
    message: status.message,
    isAborted: status.abort,
    currentStepIndex: status.currentStepIndex,
    stableHash: status.stableRS,
    currentHash: status.currentPodHash,
    weights:
      weights === undefined ? undefined : { canary: weights.canary.weight, stable: weights.stable.weight },
    replicas: status.replicas,
    updatedReplicas: status.updatedReplicas,
    availableReplicas: status.availableReplicas,
    currentShare:
      weights === undefined
        ? status.updatedReplicas / Math.max(1, status.replicas)
        : weights.canary.weight / 100,
    pauses: status.pauseConditions.map(({ reason }) => reason),
    conditions: status.conditions,
  };
}
