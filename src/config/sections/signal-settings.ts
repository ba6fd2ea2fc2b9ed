import { z } from 'zod';
import type {
  CounterSelection,
  CountSignal,
  LatencySignal,
  Matcher,
  MatchOperator,
  TimeUnit,
} from '../../sources/prometheus/signals/signal.js';
import { placeholdersIn } from '../../sources/prometheus/signals/placeholders.js';

/** The kinds of settings by which a config names metrics and chooses among their series. */

/** A name without anything of the query language around it; `none` is where a signal is switched off. */
export const metricName = z
  .string()
  .regex(/^(?!none$)[^\s{}()[\]"'`,]+$/, { error: 'the name of a metric alone; labels go into `where`' });

export const labelName = z
  .string()
  .regex(/^(?!__name__$)[^\s{}()[\]"'`,=~!]+$/, { error: 'the name of a label' });

const histogramName = metricName.regex(/^(?!.*_(?:bucket|count|sum)$)/, {
  error: 'the name of a histogram without `_bucket`, `_count` or `_sum`',
});

/** Refuses placeholders that would stay in a query as they are. */
export function filledText(known: readonly string[]) {
  const expected = `no other placeholders than ${known.map((name) => `{{${name}}}`).join(', ')}`;
  return z
    .string()
    .refine((text) => placeholdersIn(text).every((name) => known.includes(name)), { error: expected });
}

const names = ['model', 'namespace'];

const labelValue = z.union([filledText(names), z.number(), z.boolean()]).transform(String);

/** Go's expressions, which servers use, have neither of these; both would be an error only once somebody asks. */
const lookaround = /\(\?(?:[=!]|<[=!])/;
const backReference = /\\[1-9]/;

const regex = filledText(names).refine(
  (text) => {
    const bare = text.replaceAll('\\\\', '');
    return !lookaround.test(bare) && !backReference.test(bare);
  },
  { error: 'a regular expression of RE2, which has no lookaround and no references back' },
);

const conditions: Readonly<Record<'not' | 'matches' | 'notMatches', MatchOperator>> = {
  not: '!=',
  matches: '=~',
  notMatches: '!~',
};

const labelCondition = z
  .union([
    labelValue,
    z
      .strictObject({ not: labelValue.optional(), matches: regex.optional(), notMatches: regex.optional() })
      .superRefine((given, context) => {
        if (Object.keys(given).length === 0) refuse(context, [], 'one of not, matches, notMatches');
      }),
  ])
  .describe(
    'What a label of every series has to be: a text, or `{ not: text }`, `{ matches: expression }`, `{ notMatches: expression }` (of RE2, for the whole value). `{{model}}` and `{{namespace}}` stand for those of the verdict.',
  );

/** A record says of its own that a key is wrong, not what was expected. */
function keyError({ code }: { readonly code?: string }): string | undefined {
  return code === 'invalid_key' ? 'the name of a label as the key' : undefined;
}

/** Conditions on labels, read as matchers. */
export const whereSetting = z
  .record(labelName, labelCondition, { error: keyError })
  .transform((where): readonly Matcher[] =>
    Object.entries(where).flatMap(([label, condition]): readonly Matcher[] => {
      if (typeof condition === 'string') return [{ label, operator: '=', value: condition }];
      return (['not', 'matches', 'notMatches'] as const).flatMap((name) => {
        const value = condition[name];
        return value === undefined ? [] : [{ label, operator: conditions[name], value }];
      });
    }),
  );

const where = whereSetting.optional();

const counterFields = {
  metric: z.union([metricName, z.array(metricName).min(1)]),
  where,
};

type CounterFields = z.output<z.ZodObject<typeof counterFields>>;

/** A counter by its name, or some with their labels. */
export const counterSetting = z
  .union([metricName, z.strictObject(counterFields)])
  .transform((given) => readCounter(given));

function readCounter(given: string | CounterFields): CounterSelection {
  if (typeof given === 'string') return { metrics: [given], where: [] };
  const { metric } = given;
  return { metrics: typeof metric === 'string' ? [metric] : metric, where: given.where ?? [] };
}

/** Counters, and those that are taken away from them. */
export const countSetting = z
  .union([metricName, z.strictObject({ ...counterFields, minus: counterSetting.optional() })])
  .transform((given): CountSignal => {
    const minus = typeof given === 'string' ? undefined : given.minus;
    return { plus: readCounter(given), ...(minus === undefined ? {} : { minus }) };
  });

const units: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns'];
const forms = ['classic', 'native'] as const;

const unitEndings: readonly (readonly [RegExp, TimeUnit])[] = [
  [/(?:_milliseconds|_ms)$/, 'ms'],
  [/(?:_microseconds|_us)$/, 'us'],
  [/(?:_nanoseconds|_ns)$/, 'ns'],
  [/_seconds$/, 's'],
];

function unitOf(metric: string): TimeUnit | undefined {
  return unitEndings.find(([ending]) => ending.test(metric))?.[1];
}

const latencyFields = z.strictObject({
  histogram: histogramName.optional(),
  summary: metricName.optional(),
  unit: z.enum(units).optional(),
  form: z.enum(forms).optional(),
  where,
});

/** Request times: a histogram by its name, or with its unit and form, or quantiles that the server computes. */
export const latencySetting = z
  .union([histogramName.transform((histogram) => ({ histogram })), latencyFields])
  .transform((given: z.output<typeof latencyFields>, context): LatencySignal => {
    const { histogram, summary, form = 'classic', where: matchers = [] } = given;
    const metric = histogram ?? summary ?? '';
    const unit = given.unit ?? unitOf(metric);
    if ((histogram === undefined) === (summary === undefined)) {
      return refuse(context, [], 'one of `histogram` and `summary`');
    }
    if (summary !== undefined && given.form !== undefined) {
      return refuse(context, ['form'], 'no form for a summary');
    }
    if (unit === undefined) {
      const known = units.join(', ');
      return refuse(context, ['unit'], `one of ${known}, since the name of the metric does not end in one`);
    }
    return summary === undefined
      ? { kind: 'buckets', metric, form, unit, where: matchers }
      : { kind: 'summary', metric, unit, where: matchers };
  });

/** What a histogram of anything but times is named by. */
export const histogramFields = {
  histogram: histogramName.optional(),
  form: z.enum(forms).optional(),
  where,
};

/** Says what was expected of one field of an entry, or of the entry itself. */
export function refuse(context: z.RefinementCtx, path: readonly string[], expected: string): never {
  // What is wrong besides follows from it: a name that was mistyped is missing where it belongs.
  if (context.issues.length > 0) return z.NEVER;
  context.addIssue({ code: 'custom', path: [...path], message: expected, input: context.value });
  return z.NEVER;
}
