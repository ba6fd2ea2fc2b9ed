import { z } from 'zod';
import { secondsField } from '../domain/fields.js';
import { latencyBoundsMs, scoreBin, scoreBinUpperEdge } from '../sources/index.js';

/** Settings that are the bounds of a histogram. The ledger counts on grids: bounds on their edges lose nothing. */

const mostBounds = 200;

const boundsOfLedger = latencyBoundsMs.map((milliseconds) => milliseconds / 1000);
const latencyExpected = `a bound on which the ledger counts request times, in seconds: ${boundsOfLedger.join(', ')}`;

/** Bounds of request times in seconds; absent: all those of the ledger. */
export function latencyBucketsSetting(meaning: string) {
  const bound = secondsField().transform((seconds, context) => {
    const known = boundsOfLedger.find((candidate) => Math.abs(candidate - seconds) < 1e-9);
    if (known !== undefined) return known;
    context.addIssue({ code: 'custom', message: latencyExpected, input: seconds });
    return z.NEVER;
  });
  return ascending(z.array(bound))
    .prefault([...boundsOfLedger])
    .describe(meaning);
}

const scoreExpected =
  'a bound on which the ledger counts scores: a hundredth from 0 to 1, or a number beyond of up to 1e21 in size';

/** Bounds of scores. Outside of [0, 1] each is moved to the nearest edge of the grid, by 2 % at most. */
export function scoreBucketsSetting() {
  const bound = z.number().transform((value, context) => {
    const edge = nearestEdge(value);
    if (edge !== undefined) return edge;
    context.addIssue({ code: 'custom', message: scoreExpected, input: value });
    return z.NEVER;
  });
  return ascending(z.array(bound));
}

/** The edge of the ledger's grid that a bound is; outside of [0, 1] the nearest one. */
function nearestEdge(bound: number): number | undefined {
  const bin = scoreBin(bound);
  const upper = scoreBinUpperEdge(bin);
  if (bin >= 0 && bin <= 100) return upper === bound ? bound : undefined;
  const lower = scoreBinUpperEdge(bin - 1);
  if (!Number.isFinite(lower) || !Number.isFinite(upper)) return undefined;
  return bound - lower < upper - bound ? lower : upper;
}

function ascending<Bound extends z.ZodType<number>>(bounds: z.ZodArray<Bound>) {
  return bounds
    .min(1)
    .max(mostBounds)
    .refine((values) => values.every((value, index) => index === 0 || value > (values[index - 1] ?? NaN)), {
      error: 'bounds in ascending order, those of scores outside of [0, 1] at least 5 % apart',
    });
}
