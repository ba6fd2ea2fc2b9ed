import { z } from 'zod';
import type { FieldError } from './errors.js';
import { instantField, nameField } from './fields.js';
import {
  defaultSeries,
  maximumBeforeLooks,
  observationsSchema,
  routings,
  type ArmCounts,
  type BeforeLook,
  type LatencyCounts,
  type Look,
  type Observations,
  type OutcomeTotals,
  type PredictionCounts,
} from './observations.js';
import { joinPath, parseWith, quote } from './parsing.js';
import { failure, success, type Result } from './result.js';
import { formatInstant, parseNumber } from './units.js';

/** The file and wire format of observations: its schema, reading it and writing it. */

/** Beyond this a double does not tell neighbouring counts apart, and sums of squares overflow. */
const largestCount = 1e15;

const count = z.number().nonnegative().max(largestCount);

const latencySchema = z.strictObject({
  boundsMs: z.array(z.number().positive()).min(1).describe('upper bounds in milliseconds, ascending'),
  counts: z.array(count).describe('one entry per bound and a last one for what is above all of them'),
});

const scoresSchema = z.strictObject({
  edges: z.array(z.number()).min(1).describe('bin edges, ascending; bins are (lower, upper], both ends open'),
  counts: z.array(count).describe('one entry more than there are edges'),
});

const labelsSchema = z.strictObject({
  labels: z.array(z.string()).min(1),
  counts: z.array(count).describe('one entry per label and a last one for all other labels'),
});

const outcomeSchema = z.strictObject({
  count,
  sum: z.number().min(-largestCount).max(largestCount),
  sumOfSquares: z
    .number()
    .nonnegative()
    .max(largestCount * largestCount),
});

const predictionSchema = z.union([scoresSchema, labelsSchema]);

const armSchema = z.strictObject({
  requests: count,
  errors: count.optional().describe('absent, in all looks, where nobody knows which requests failed'),
  latency: latencySchema.optional(),
  latencyQuantiles: z
    .record(z.string(), z.number().nonnegative().max(largestCount))
    .optional()
    .describe(
      'where there are no buckets: milliseconds by quantile, such as { "0.99": 132.5 }; of several servers the largest',
    ),
  predictions: z.union([predictionSchema, z.record(nameField(), predictionSchema)]).optional(),
  outcomes: z.union([outcomeSchema, z.record(nameField(), outcomeSchema)]).optional(),
});

const share = z.number().min(0).max(1);

const lookSchema = z.strictObject({
  start: instantField(),
  end: instantField(),
  weight: share.optional().describe("the canary's configured share of the traffic, 0 to 1"),
  canary: armSchema.optional(),
  stable: armSchema.optional(),
});

const beforeLookSchema = z.strictObject({ start: instantField(), end: instantField(), stable: armSchema });

/** The schema of an observations file; OpenAPI and the file reader share it. */
export const observationsFileSchema = z.strictObject({
  schema: z.literal(observationsSchema),
  model: nameField(),
  canary: z.strictObject({ version: nameField(), weight: share.optional() }),
  stable: z.strictObject({ version: nameField() }).optional(),
  asOf: instantField().optional().describe('when the verdict is for; absent: the end of the last look'),
  restarts: z.int().nonnegative().optional(),
  routing: z
    .enum(routings)
    .optional()
    .describe('how requests come to the canary; absent: random, each on its own'),
  outcomesByArrival: z
    .array(nameField())
    .optional()
    .describe('names of outcomes that are counted when they arrive, not with the request they belong to'),
  before: z.strictObject({ looks: z.array(beforeLookSchema).max(maximumBeforeLooks) }).optional(),
  looks: z.array(lookSchema),
});

type FileArm = z.output<typeof armSchema>;
type FilePredictions = z.output<typeof predictionSchema>;
type FileOutcome = z.output<typeof outcomeSchema>;

/**
 * Reads observations from parsed JSON. Fails with the path of each offending field: wrong types, negative
 * counts, histograms of the wrong length or with bounds of their own, looks that overlap or are out of order.
 */
export function parseObservations(value: unknown): Result<Observations> {
  const parsed = parseWith(observationsFileSchema, value);
  if (!parsed.ok) return parsed;
  const file = parsed.value;
  const reader = new ArmReader();
  const before: BeforeLook[] = (file.before?.looks ?? []).map((look, index) => ({
    startMs: look.start,
    endMs: look.end,
    stable: reader.read(look.stable, `before.looks[${index}].stable`),
  }));
  const looks: Look[] = file.looks.map((look, index) => ({
    startMs: look.start,
    endMs: look.end,
    ...(look.weight === undefined ? {} : { weight: look.weight }),
    ...(look.canary === undefined ? {} : { canary: reader.read(look.canary, `looks[${index}].canary`) }),
    ...(look.stable === undefined ? {} : { stable: reader.read(look.stable, `looks[${index}].stable`) }),
  }));
  const byArrival = file.outcomesByArrival ?? [];
  const errors = [
    ...arrivalErrors(byArrival),
    ...reader.errors,
    ...orderErrors(before, 'before.looks'),
    ...orderErrors(looks, 'looks'),
    ...beforeErrors(before, looks),
    ...(file.stable === undefined ? stableErrors(looks) : []),
  ];
  if (errors.length > 0) return failure(errors);
  return success({
    model: file.model,
    canary: {
      version: file.canary.version,
      ...(file.canary.weight === undefined ? {} : { weight: file.canary.weight }),
    },
    ...(file.stable === undefined ? {} : { stable: { version: file.stable.version } }),
    ...(file.asOf === undefined ? {} : { asOfMs: file.asOf }),
    ...(file.restarts === undefined ? {} : { restarts: file.restarts }),
    ...(file.routing === undefined ? {} : { routing: file.routing }),
    ...(byArrival.length === 0 ? {} : { outcomesByArrival: byArrival }),
    before,
    looks,
  });
}

/** Reads arms and remembers the bounds of the first histogram of each series: all others must have the same. */
class ArmReader {
  readonly errors: FieldError[] = [];
  #firstErrors: { readonly isMeasured: boolean; readonly path: string } | undefined;
  readonly #shapes = new Map<string, { readonly text: string; readonly path: string }>();

  read(arm: FileArm, path: string): ArmCounts {
    const allowed = arm.requests + Math.max(0.5, arm.requests / 100);
    const { errors = 0 } = arm;
    this.#checkMeasured(`${path}.errors`, arm.errors !== undefined);
    if (errors > allowed) {
      this.#refuse(`${path}.errors`, `expected at most the ${arm.requests} requests, got ${errors}`);
    }
    const latency = arm.latency;
    if (latency !== undefined) {
      this.#checkHistogram(`${path}.latency`, 'boundsMs', latency.boundsMs, latency.counts);
      this.#checkShape('latency', `${path}.latency.boundsMs`, latency.boundsMs);
    }
    const quantiles = this.#readQuantiles(arm.latencyQuantiles ?? {}, `${path}.latencyQuantiles`);
    return {
      requests: arm.requests,
      errors: Math.min(errors, arm.requests),
      ...(arm.errors === undefined ? { errorsUnmeasured: true } : {}),
      ...(latency === undefined ? {} : { latency }),
      ...(quantiles.size === 0 ? {} : { quantiles }),
      predictions: this.#readPredictions(arm.predictions, `${path}.predictions`),
      outcomes: this.#readOutcomes(arm.outcomes, `${path}.outcomes`),
    };
  }

  #readQuantiles(quantiles: Readonly<Record<string, number>>, path: string): ReadonlyMap<number, number> {
    const read = new Map<number, number>();
    for (const [key, milliseconds] of Object.entries(quantiles)) {
      const quantile = parseNumber(key);
      if (typeof quantile !== 'number' || quantile <= 0 || quantile >= 1) {
        this.#refuse(joinPath(path, [key]), `expected a quantile between 0 and 1, got ${quote(key)}`);
      } else if (read.has(quantile)) {
        this.#refuse(joinPath(path, [key]), 'expected every quantile once, got one twice');
      } else {
        read.set(quantile, milliseconds);
      }
    }
    return read;
  }

  #readPredictions(
    predictions: FilePredictions | Readonly<Record<string, FilePredictions>> | undefined,
    path: string,
  ): ReadonlyMap<string, PredictionCounts> {
    const read = new Map<string, PredictionCounts>();
    if (predictions === undefined) return read;
    const single = isSinglePrediction(predictions);
    const entries = single ? [[defaultSeries, predictions] as const] : Object.entries(predictions);
    for (const [name, counts] of entries) {
      const at = single ? path : joinPath(path, [name]);
      if ('edges' in counts) {
        this.#checkHistogram(at, 'edges', counts.edges, counts.counts);
        this.#checkShape(`predictions ${name}`, `${at}.edges`, counts.edges);
        read.set(name, { kind: 'scores', edges: counts.edges, counts: counts.counts });
      } else {
        this.#checkLength(at, 'labels', counts.labels, counts.counts);
        if (new Set(counts.labels).size < counts.labels.length) {
          this.#refuse(`${at}.labels`, 'expected every label once, got one twice');
        }
        this.#checkShape(`predictions ${name}`, `${at}.labels`, counts.labels);
        read.set(name, { kind: 'labels', labels: counts.labels, counts: counts.counts });
      }
    }
    return read;
  }

  #readOutcomes(
    outcomes: FileOutcome | Readonly<Record<string, FileOutcome>> | undefined,
    path: string,
  ): ReadonlyMap<string, OutcomeTotals> {
    const read = new Map<string, OutcomeTotals>();
    if (outcomes === undefined) return read;
    const single = isSingleOutcome(outcomes);
    const entries = single ? [[defaultSeries, outcomes] as const] : Object.entries(outcomes);
    for (const [name, totals] of entries) {
      const at = single ? path : joinPath(path, [name]);
      if (totals.count === 0 && (totals.sum !== 0 || totals.sumOfSquares !== 0)) {
        this.#refuse(`${at}.count`, 'expected the number of outcomes behind the sum, got 0');
      } else if (totals.sum ** 2 > totals.count * totals.sumOfSquares * (1 + 1e-6) + 1e-9) {
        this.#refuse(
          `${at}.sumOfSquares`,
          `expected at least sum² / count = ${totals.sum ** 2 / totals.count}, got ${totals.sumOfSquares}`,
        );
      }
      read.set(name, totals);
    }
    return read;
  }

  #checkHistogram(path: string, key: string, bounds: readonly number[], counts: readonly number[]): void {
    this.#checkLength(path, key, bounds, counts);
    for (let i = 1; i < bounds.length; i++) {
      if ((bounds[i] ?? 0) <= (bounds[i - 1] ?? 0)) {
        this.#refuse(`${path}.${key}[${i}]`, `expected more than ${bounds[i - 1]}, got ${bounds[i]}`);
      }
    }
  }

  #checkLength(path: string, key: string, bounds: readonly unknown[], counts: readonly number[]): void {
    if (counts.length !== bounds.length + 1) {
      this.#refuse(
        `${path}.counts`,
        `expected ${bounds.length + 1} entries, one more than ${key} has, got ${counts.length}`,
      );
    }
  }

  #checkShape(series: string, path: string, bounds: readonly unknown[]): void {
    const text = JSON.stringify(bounds);
    const first = this.#shapes.get(series);
    if (first === undefined) this.#shapes.set(series, { text, path });
    else if (first.text !== text) this.#refuse(path, `expected the same as ${first.path}, got other ones`);
  }

  /** A look without errors among others that have them would look like one in which nothing failed. */
  #checkMeasured(path: string, isMeasured: boolean): void {
    this.#firstErrors ??= { isMeasured, path };
    if (this.#firstErrors.isMeasured === isMeasured) return;
    const { path: first } = this.#firstErrors;
    this.#refuse(
      path,
      isMeasured
        ? `expected none, since ${first} is not there: errors are measured in all looks or in none`
        : `missing; ${first} is there: errors are measured in all looks or in none`,
    );
  }

  #refuse(path: string, message: string): void {
    this.errors.push({ path, message });
  }
}

function isSinglePrediction(
  predictions: FilePredictions | Readonly<Record<string, FilePredictions>>,
): predictions is FilePredictions {
  return Array.isArray(predictions['counts' as keyof typeof predictions]);
}

function isSingleOutcome(
  outcomes: FileOutcome | Readonly<Record<string, FileOutcome>>,
): outcomes is FileOutcome {
  return typeof outcomes['count' as keyof typeof outcomes] === 'number';
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

function orderErrors(looks: readonly Span[], path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  looks.forEach((look, index) => {
    const previous = looks[index - 1];
    if (look.endMs <= look.startMs) {
      errors.push({
        path: `${path}[${index}].end`,
        message: `expected a time after the look's start ${formatInstant(look.startMs)}, got ${quote(formatInstant(look.endMs))}`,
      });
    }
    if (previous !== undefined && look.startMs < previous.endMs) {
      errors.push({
        path: `${path}[${index}].start`,
        message: `expected looks in order that do not overlap; the one before ends ${formatInstant(previous.endMs)}, got ${quote(formatInstant(look.startMs))}`,
      });
    }
  });
  return errors;
}

function beforeErrors(before: readonly Span[], looks: readonly Span[]): readonly FieldError[] {
  const last = before.at(-1);
  const first = looks[0];
  if (last === undefined || first === undefined || last.endMs <= first.startMs) return [];
  return [
    {
      path: `before.looks[${before.length - 1}].end`,
      message: `expected a time at or before the first look's start ${formatInstant(first.startMs)}, got ${quote(formatInstant(last.endMs))}`,
    },
  ];
}

function arrivalErrors(names: readonly string[]): readonly FieldError[] {
  const seen = new Set<string>();
  return names.flatMap((name, index) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const message = `expected every outcome once, got ${quote(name)} twice`;
    return [{ path: `outcomesByArrival[${index}]`, message }];
  });
}

function stableErrors(looks: readonly Look[]): readonly FieldError[] {
  const index = looks.findIndex((look) => look.stable !== undefined);
  if (index < 0) return [];
  return [{ path: 'stable', message: `missing; looks[${index}].stable has counts, so name its version` }];
}

/** Observations as the file format has them; `parseObservations` of it gives the same observations again. */
export function observationsToFile(observations: Observations): z.input<typeof observationsFileSchema> {
  return {
    schema: observationsSchema,
    model: observations.model,
    canary: { ...observations.canary },
    ...(observations.stable === undefined ? {} : { stable: { ...observations.stable } }),
    ...(observations.asOfMs === undefined ? {} : { asOf: formatInstant(observations.asOfMs) }),
    ...(observations.restarts === undefined ? {} : { restarts: observations.restarts }),
    ...(observations.routing === undefined ? {} : { routing: observations.routing }),
    ...((observations.outcomesByArrival ?? []).length === 0
      ? {}
      : { outcomesByArrival: [...(observations.outcomesByArrival ?? [])] }),
    ...(observations.before.length === 0
      ? {}
      : {
          before: {
            looks: observations.before.map((look) => ({
              start: formatInstant(look.startMs),
              end: formatInstant(look.endMs),
              stable: armToFile(look.stable),
            })),
          },
        }),
    looks: observations.looks.map((look) => ({
      start: formatInstant(look.startMs),
      end: formatInstant(look.endMs),
      ...(look.weight === undefined ? {} : { weight: look.weight }),
      ...(look.canary === undefined ? {} : { canary: armToFile(look.canary) }),
      ...(look.stable === undefined ? {} : { stable: armToFile(look.stable) }),
    })),
  };
}

function armToFile(arm: ArmCounts): z.input<typeof armSchema> {
  const predictions = [...arm.predictions].map(([name, counts]) => [name, predictionToFile(counts)] as const);
  const outcomes = [...arm.outcomes].map(
    ([name, { count, sum, sumOfSquares }]) => [name, { count, sum, sumOfSquares }] as const,
  );
  return {
    requests: arm.requests,
    ...(arm.errorsUnmeasured === true ? {} : { errors: arm.errors }),
    ...(arm.latency === undefined ? {} : { latency: latencyToFile(arm.latency) }),
    ...(arm.quantiles === undefined || arm.quantiles.size === 0
      ? {}
      : { latencyQuantiles: Object.fromEntries(arm.quantiles) }),
    ...(predictions.length === 0 ? {} : { predictions: singleOrNamed(predictions) }),
    ...(outcomes.length === 0 ? {} : { outcomes: singleOrNamed(outcomes) }),
  };
}

function latencyToFile(latency: LatencyCounts): z.input<typeof latencySchema> {
  return { boundsMs: [...latency.boundsMs], counts: [...latency.counts] };
}

function predictionToFile(counts: PredictionCounts): z.input<typeof predictionSchema> {
  return counts.kind === 'scores'
    ? { edges: [...counts.edges], counts: [...counts.counts] }
    : { labels: [...counts.labels], counts: [...counts.counts] };
}

/** One series named `default` is written bare, anything else as a map by name. */
function singleOrNamed<T>(entries: readonly (readonly [string, T])[]): T | Record<string, T> {
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === defaultSeries) return first[1];
  return Object.fromEntries(entries);
}
