import { z } from 'zod';

const measurement = z.object({
  phase: z.string(),
  value: z.string().default(''),
  message: z.string().default(''),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
});

const analysisRun = z.object({
  metadata: z.object({
    namespace: z.string(),
    name: z.string(),
    creationTimestamp: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  status: z
    .object({
      phase: z.string().default(''),
      message: z.string().default(''),
      metricResults: z
        .array(
          z.object({
            name: z.string(),
            phase: z.string(),
            message: z.string().default(''),
            dryRun: z.boolean().default(false),
            count: z.number().default(0),
            successful: z.number().default(0),
            failed: z.number().default(0),
            inconclusive: z.number().default(0),
            error: z.number().default(0),
            measurements: z.array(measurement).default([]),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

/** One call of a metric; the phase is `Successful`, `Failed`, `Inconclusive`, `Error` or `Running`. */
export interface Measurement {
  readonly phase: string;
  /** JSON, as it is stored. */
  readonly value: string;
  /** Of an error. */
  readonly message: string;
  readonly startedAt?: string | undefined;
  readonly finishedAt?: string | undefined;
}

export interface MetricResult {
  readonly name: string;
  readonly phase: string;
  readonly message: string;
  /** Measured and shown, without effect on the run. */
  readonly dryRun: boolean;
  /** Measurements by how they ended; `count` is without the errors. */
  readonly count: number;
  readonly successful: number;
  readonly failed: number;
  readonly inconclusive: number;
  readonly error: number;
  /** The last ones, oldest first; as many as the template keeps. */
  readonly measurements: readonly Measurement[];
}

/** What an AnalysisRun says of itself. */
export interface AnalysisRunState {
  readonly namespace: string;
  readonly name: string;
  readonly createdAt: string;
  /** `Step`, `Background`, or empty where no Rollout made it. */
  readonly type: string;
  /** Empty before the controller has seen it. */
  readonly phase: string;
  readonly message: string;
  readonly metrics: readonly MetricResult[];
}

export function readAnalysisRunState(object: unknown): AnalysisRunState {
  const { metadata, status } = analysisRun.parse(object);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    createdAt: metadata.creationTimestamp,
    type: metadata.labels['rollout-type'] ?? '',
    phase: status.phase,
    message: status.message,
    metrics: status.metricResults,
  };
}
