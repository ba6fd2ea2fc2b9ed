import { z } from 'zod';
import { defaultSeries } from '../../domain/observations.js';
import { mapOutcome } from '../../sources/prometheus/signals/map-matchers.js';
import { narrowMatchers } from '../../sources/prometheus/signals/narrow-matchers.js';
import type { Matcher, OutcomeSignal, PredictionSignal } from '../../sources/prometheus/signals/signal.js';
import {
  counterSetting,
  countSetting,
  histogramFields,
  labelName,
  metricName,
  refuse,
} from './signal-settings.js';

/** A prediction output: its metric, or what the preset has for outputs of its name. */
export type PredictionSetting =
  | PredictionSignal
  | { readonly kind: 'preset'; readonly as: 'scores' | 'labels'; readonly where: readonly Matcher[] };

/** An outcome: its sums, or what the preset has for outcomes of its name. */
export type OutcomeSetting =
  | { readonly kind: 'sums'; readonly signal: OutcomeSignal }
  | { readonly kind: 'preset'; readonly immediate: boolean; readonly where: readonly Matcher[] };

const predictionFields = z.strictObject({
  ...histogramFields,
  counter: metricName.optional(),
  label: labelName.optional(),
  kind: z.enum(['scores', 'labels']).optional(),
});

function readPrediction(
  given: z.output<typeof predictionFields>,
  context: z.RefinementCtx,
): PredictionSetting {
  const { histogram, form, counter, label, kind, where = [] } = given;
  const named = [histogram, counter, kind].filter((one) => one !== undefined);
  if (named.length !== 1) return refuse(context, [], 'one of `histogram`, `counter` and `kind`');
  if (form !== undefined && histogram === undefined) {
    return refuse(context, ['form'], 'no form without a histogram');
  }
  if (label !== undefined && counter === undefined) {
    return refuse(context, ['label'], 'no label without a counter');
  }
  if (kind !== undefined) return { kind: 'preset', as: kind, where };
  if (counter === undefined) {
    return { kind: 'scores', metric: histogram ?? '', form: form ?? 'classic', where };
  }
  if (label === undefined) return refuse(context, ['label'], 'the label that is the class');
  return { kind: 'labels', counter: { metrics: [counter], where }, label };
}

const outcomeFields = z.strictObject({
  count: counterSetting.optional(),
  sum: countSetting.optional(),
  sumOfSquares: counterSetting.optional(),
  immediate: z.boolean().optional(),
  where: histogramFields.where,
});

function readOutcome(given: z.output<typeof outcomeFields>, context: z.RefinementCtx): OutcomeSetting {
  const { count, sum, sumOfSquares, immediate = false, where = [] } = given;
  if (count === undefined && sum === undefined && sumOfSquares === undefined) {
    return { kind: 'preset', immediate, where };
  }
  if (count === undefined) return refuse(context, ['count'], 'a counter beside `sum`');
  if (sum === undefined) return refuse(context, ['sum'], 'a counter beside `count`');
  const signal = { count, sum, ...(sumOfSquares === undefined ? {} : { sumOfSquares }), immediate };
  return { kind: 'sums', signal: mapOutcome(signal, (own) => narrowMatchers(where, own)) };
}

/** Entries by name, or one without: it is the one that policies mean when they name none. */
function oneOrNamed<Fields extends z.ZodObject, Setting>(
  fields: Fields,
  read: (given: z.output<Fields>, context: z.RefinementCtx) => Setting,
) {
  const one = fields
    .refine((given) => Object.keys(given).length > 0)
    .transform((given, context): Readonly<Record<string, Setting>> => ({
      [defaultSeries]: read(given, context),
    }));
  return z.union([one, z.record(z.string().min(1).max(253), fields.transform(read))]);
}

export const predictionsSetting = oneOrNamed(predictionFields, readPrediction);
export const outcomesSetting = oneOrNamed(outcomeFields, readOutcome);
