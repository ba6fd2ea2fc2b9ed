import { z } from 'zod';

/** The closed list of conditions, for `kubectl wait` and for tools that know Kubernetes only. */
export const conditionTypes = [
  /** The object and its state can be read; nothing is driven while this is False. */
  'Accepted',
  /** It is being driven, paused or not. */
  'Progressing',
  'Paused',
  'Promoted',
  'RolledBack',
  /** It ended without either; the target was left as it is. */
  'Failed',
] as const;

export type ConditionType = (typeof conditionTypes)[number];

export const conditionSchema = z.strictObject({
  type: z.string().max(316),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string().max(1024),
  message: z.string().max(32_768),
  observedGeneration: z.int(),
  lastTransitionTime: z.iso.datetime(),
});

export type Condition = z.output<typeof conditionSchema>;

/** A condition as it is now, without since when. */
export type ConditionNow = Pick<Condition, 'status' | 'reason' | 'message'> & {
  readonly type: ConditionType;
};

/** Dates the conditions: one whose status is what it was keeps the time of its last change. */
export function dated(
  conditions: readonly ConditionNow[],
  before: readonly Condition[],
  { generation, at }: { readonly generation: number; readonly at: string },
): readonly Condition[] {
  return conditions.map((condition) => {
    const old = before.find(({ type }) => type === condition.type);
    const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : at;
    return { ...condition, observedGeneration: generation, lastTransitionTime };
  });
}

/** The conditions of a status that somebody may have written by hand. */
export function readConditions(raw: unknown): readonly Condition[] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((entry: unknown) => {
    const read = conditionSchema.safeParse(entry);
    return read.success ? [read.data] : [];
  });
}
