import { z } from 'zod';

const operations = z.array(z.object({ op: z.string(), path: z.string(), value: z.unknown().optional() }));
const percentPath = '/spec/predictor/canaryTrafficPercent';

/** What a patch of an InferenceService does to the canary's share. */
export function shareOf(patch: string): number | 'removed' | undefined {
  const change = operations
    .parse(JSON.parse(patch))
    .find(({ op, path }) => op !== 'test' && path === percentPath);
  if (change === undefined) return undefined;
  return change.op === 'remove' ? 'removed' : Number(change.value);
}

export const isToZero = (patch: string) => shareOf(patch) === 0;
