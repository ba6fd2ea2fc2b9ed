import { z } from 'zod';
import { numberField, rateField, weightField } from '../../domain/fields.js';
import type { Routing } from '../../domain/observations.js';
import { failure, success, type Result } from '../../domain/result.js';
import { parseFraction, parseNumber } from '../../domain/units.js';
import type { PlannedTraffic } from './planning.js';

const outcomeFigure = 'a number such as 12.5, or a percentage such as "60%"';

/** The mean of an outcome: a share of yes, or a figure in the outcome's own unit. */
function outcomeMeanField() {
  return z.union([z.number(), z.string()], { error: outcomeFigure }).transform((value, context) => {
    const plain = parseNumber(value);
    const mean = typeof plain === 'number' ? plain : parseFraction(value);
    if (typeof mean === 'number' && mean > 0) return mean;
    context.addIssue({ code: 'custom', message: `${outcomeFigure}, above 0`, input: value });
    return z.NEVER;
  });
}

/** What is said of the traffic that a plan is made for, each as a number or as text; the same in config and requests. */
export const trafficFields = {
  requestsPerSecond: numberField(
    { min: 0, max: 1e9, open: true },
    'requests per second, a number above 0 such as 50',
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
  outcomeDeviation: numberField({ min: 0, open: true }, 'a standard deviation above 0')
    .optional()
    .describe('The standard deviation of one outcome. Absent: outcomes are yes or no.'),
  decisionRate: rateField({ min: 0, max: 1, open: true }, 'a share above 0 and below 100 %')
    .optional()
    .describe(
      "The share of the stable version's predictions that a `decision-rate` guardrail counts. Absent: 10 %.",
    ),
};

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
