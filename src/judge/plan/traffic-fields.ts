import { z } from 'zod';
import { numberField, rateField, secondsField, weightField } from '../../domain/fields.js';
import type { Routing } from '../../domain/observations.js';
import { failure, success, type Result } from '../../domain/result.js';
import { parseFraction, parseNumber } from '../../domain/units.js';
import { longestMinutes } from './first-minute.js';
import type { PlannedTraffic } from './planning.js';

const outcomeFigure = 'a number such as 12.5, or a percentage such as "60%"';

/** Beyond it squares of outcomes lose what their variance is made of. */
const largestOutcome = 1e12;

/** The mean of an outcome: a share of yes, or a figure in the outcome's own unit. */
function outcomeMeanField() {
  return z.union([z.number(), z.string()], { error: outcomeFigure }).transform((value, context) => {
    const plain = parseNumber(value);
    const mean = typeof plain === 'number' ? plain : parseFraction(value);
    if (typeof mean === 'number' && mean > 0 && mean <= largestOutcome) return mean;
    context.addIssue({ code: 'custom', message: `${outcomeFigure}, above 0 and up to 1e12`, input: value });
    return z.NEVER;
  });
}

/** What is said of the traffic that a plan is made for, each as a number or as text; the same in config and requests. */
export const trafficFields = {
  requestsPerSecond: numberField(
    { min: 0, max: 1e9, open: true },
    'requests per second, a number above 0 and below 1e9 such as 50',
  ).describe('Requests per second of both versions together.'),
  weight: weightField()
    .refine((share) => share > 0 && share < 1, { error: 'a percentage above 0 and below 100 such as "5"' })
    .describe('The share of the canary, as a percentage as in Argo\'s setWeight: `5` or `"5%"`.'),
  outcomesPerRequest: numberField({ min: 0, max: 1000 }, 'outcomes per request, a number of 0 or more')
    .optional()
    .describe('Outcomes that come of one request; 0: none are recorded. Absent: 1.'),
  outcomeMean: outcomeMeanField()
    .optional()
    .describe('The mean of an outcome; without `outcomeDeviation` the share of yes. Absent: 60 %.'),
  outcomeDeviation: numberField(
    { min: 0, max: largestOutcome, open: true },
    'a standard deviation above 0 and below 1e12',
  )
    .optional()
    .describe('The standard deviation of one outcome. Absent: outcomes are yes or no.'),
  decisionRate: rateField({ min: 0, max: 1, open: true }, 'a share above 0 and below 100 %')
    .optional()
    .describe(
      "The share of the stable version's predictions that a `decision-rate` guardrail counts. Absent: 10 %.",
    ),
};

/** Bounds of a latency histogram: a list of milliseconds, or a text such as `50,100,200,500`. */
export function latencyBoundsField() {
  const expected = 'up to 200 rising bounds in milliseconds such as 50,100,200,500';
  const bounds = z.array(z.number().positive()).min(1).max(200);
  return z.union([bounds, z.string()], { error: expected }).transform((value, context): readonly number[] => {
    const read = typeof value === 'string' ? bounds.safeParse(value.split(',').map(toNumber)).data : value;
    if (read?.every((bound, i) => bound > (read[i - 1] ?? 0)) === true) return read;
    context.addIssue({ code: 'custom', message: expected, input: value });
    return z.NEVER;
  });
}

function toNumber(text: string): number | undefined {
  const number = parseNumber(text);
  return typeof number === 'number' ? number : undefined;
}

/** The time within which the smallest weight that promotes is asked for. */
export function withinField() {
  return secondsField({ min: 60 }).refine((seconds) => seconds <= longestMinutes * 60, {
    error: 'a duration of a week or less, as long as a plan looks ahead',
  });
}

/** Traffic as it is given. */
export type GivenTraffic = z.output<z.ZodObject<typeof trafficFields>>;

/** Traffic with what is usual filled in. Fails where a share of yes is above 100 %. */
export function plannedTraffic(
  given: GivenTraffic,
  {
    latencyBoundsMs,
    routing = 'random',
  }: { readonly latencyBoundsMs: readonly number[]; readonly routing?: Routing },
): Result<PlannedTraffic> {
  const { outcomesPerRequest = 1, outcomeMean = 0.6, outcomeDeviation, decisionRate = 0.1 } = given;
  if (outcomeDeviation === undefined && outcomeMean >= 1) {
    return failure([
      {
        path: 'outcomeMean',
        message: `expected a share of yes below 100 %, or outcomeDeviation beside it, got ${outcomeMean}`,
      },
    ]);
  }
  return success({
    requestsPerSecond: given.requestsPerSecond,
    weight: given.weight,
    latencyBoundsMs,
    outcomesPerRequest,
    outcomeMean,
    outcomeDeviation: outcomeDeviation ?? null,
    decisionRate,
    routing,
  });
}
