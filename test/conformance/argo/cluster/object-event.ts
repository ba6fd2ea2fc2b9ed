import { z } from 'zod';

const eventList = z.object({
  items: z.array(
    z.object({
      type: z.string().default(''),
      reason: z.string().default(''),
      message: z.string().default(''),
      involvedObject: z.object({ kind: z.string().default(''), name: z.string().default('') }),
    }),
  ),
});

/** A Kubernetes event. */
export interface ObjectEvent {
  /** What it is about. */
  readonly kind: string;
  readonly name: string;
  /** `Normal` or `Warning`. */
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

export function readEvents(list: unknown): readonly ObjectEvent[] {
  return eventList
    .parse(list)
    .items.map(({ involvedObject, type, reason, message }) => ({ ...involvedObject, type, reason, message }));
}
