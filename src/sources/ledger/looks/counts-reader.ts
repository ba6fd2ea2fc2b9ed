import type { Kysely } from 'kysely';
import { compareText } from '../compare-text.js';
import type { OutcomeSum, OutputKind } from '../count-batch.js';
import { inTurns } from '../in-turns.js';
import { piecesOf } from '../pieces-of.js';
import { readCounts, type SparseCounts } from '../sparse-counts.js';
import type { Tables } from '../tables.js';
import type { Traffic } from '../../looks/canary-life.js';

/** Reading of counts: minutes from (inclusive) and to (exclusive), of versions by their number. */

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What one version did in one minute, as it is stored. */
export interface StoredMinute {
  requests: number;
  errors: number;
  latency: SparseCounts | undefined;
  /** By number of the prediction output. */
  readonly outputs: Map<number, SparseCounts>;
  /** By number of the outcome. */
  readonly outcomes: Map<number, OutcomeSum>;
}

/** One version's minutes by minute number. */
export type StoredMinutes = ReadonlyMap<number, StoredMinute>;

/** The minutes in which a version had requests. */
export async function readTraffic(db: Kysely<Tables>, versionId: number, span: Span): Promise<Traffic> {
  const rows = await db
    .selectFrom('minute_counts')
    .select(['minute', 'requests'])
    .where('version_id', '=', versionId)
    .where('minute', '>=', span.from)
    .where('minute', '<', span.to)
    .where('requests', '>', 0)
    .orderBy('minute')
    .execute();
  return new Map(rows.map((row) => [row.minute, row.requests]));
}

/** The bins of each prediction output, by its number, that any of some minutes has. */
export type SeenBins = Map<number, Set<number>>;

/** Minutes whose histograms are read at once, and histograms that are taken apart between two turns. */
const minutesPerRead = 240;
const histogramsPerTurn = 50;

/** Everything that was counted of a version. Adds the bins of its predictions to those that are seen. */
export async function readMinutes(
  db: Kysely<Tables>,
  versionId: number,
  span: Span,
  seen: SeenBins,
): Promise<StoredMinutes> {
  const minutes = new Map<number, StoredMinute>();
  const at = (minute: number): StoredMinute => {
    let stored = minutes.get(minute);
    if (stored === undefined) {
      stored = { requests: 0, errors: 0, latency: undefined, outputs: new Map(), outcomes: new Map() };
      minutes.set(minute, stored);
    }
    return stored;
  };
  const served = await db
    .selectFrom('minute_counts')
    .select(['minute', 'requests', 'errors', 'latency'])
    .where('version_id', '=', versionId)
    .where('minute', '>=', span.from)
    .where('minute', '<', span.to)
    .execute();
  for (const row of served) {
    const stored = at(row.minute);
    stored.requests = row.requests;
    stored.errors = row.errors;
    stored.latency = row.latency === null ? undefined : readCounts(row.latency);
  }
  for (let from = span.from; from < span.to; from += minutesPerRead) {
    const to = Math.min(from + minutesPerRead, span.to);
    const predicted = await readPredicted(db, versionId, { from, to });
    for await (const rows of inTurns(piecesOf(predicted, histogramsPerTurn))) {
      for (const row of rows) {
        const counts = readCounts(row.bins);
        at(row.minute).outputs.set(row.series_id, counts);
        let bins = seen.get(row.series_id);
        if (bins === undefined) seen.set(row.series_id, (bins = new Set()));
        for (const bin of counts.keys()) bins.add(bin);
      }
    }
  }
  const outcomes = await db
    .selectFrom('outcome_counts')
    .select(['minute', 'series_id', 'count', 'sum', 'sum_of_squares'])
    .where('version_id', '=', versionId)
    .where('minute', '>=', span.from)
    .where('minute', '<', span.to)
    .where('count', '>', 0)
    .execute();
  for (const row of outcomes) {
    at(row.minute).outcomes.set(row.series_id, {
      count: row.count,
      sum: row.sum,
      sumOfSquares: row.sum_of_squares,
    });
  }
  return minutes;
}

function readPredicted(db: Kysely<Tables>, versionId: number, span: Span) {
  return db
    .selectFrom('prediction_counts')
    .select(['minute', 'series_id', 'bins'])
    .where('version_id', '=', versionId)
    .where('minute', '>=', span.from)
    .where('minute', '<', span.to)
    .execute();
}

/** A prediction output of a model, with its labels by number where it has labels. */
export interface StoredOutput {
  readonly id: number;
  readonly name: string;
  readonly kind: OutputKind;
  readonly labels: ReadonlyMap<number, string>;
}

/** The prediction outputs of a model by name. */
export async function readOutputs(db: Kysely<Tables>, modelId: number): Promise<readonly StoredOutput[]> {
  const series = await db
    .selectFrom('series')
    .select(['id', 'name', 'kind'])
    .where('model_id', '=', modelId)
    .where('role', '=', 'prediction')
    .execute();
  const outputs: StoredOutput[] = [];
  for (const { id, name, kind } of [...series].sort(byName)) {
    if (kind === 'scores') outputs.push({ id, name, kind, labels: new Map() });
    else if (kind === 'labels') outputs.push({ id, name, kind, labels: await readLabels(db, id) });
  }
  return outputs;
}

async function readLabels(db: Kysely<Tables>, seriesId: number): Promise<ReadonlyMap<number, string>> {
  const rows = await db
    .selectFrom('labels')
    .select(['number', 'label'])
    .where('series_id', '=', seriesId)
    .execute();
  return new Map(rows.map((row) => [row.number, row.label]));
}

/** The outcomes that were recorded for any version of the model within the span, by number and name. */
export async function readOutcomeNames(
  db: Kysely<Tables>,
  modelId: number,
  span: Span,
): Promise<readonly { readonly id: number; readonly name: string }[]> {
  const series = await db
    .selectFrom('series')
    .select(['id', 'name'])
    .where('model_id', '=', modelId)
    .where('role', '=', 'outcome')
    .where((where) =>
      where.exists(
        where
          .selectFrom('outcome_counts')
          .select('outcome_counts.minute')
          .whereRef('outcome_counts.series_id', '=', 'series.id')
          .where('outcome_counts.minute', '>=', span.from)
          .where('outcome_counts.minute', '<', span.to),
      ),
    )
    .execute();
  return [...series].sort(byName);
}

/** A database orders by the rules of its own language, and the order is part of the observations. */
function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareText(a.name, b.name);
}
