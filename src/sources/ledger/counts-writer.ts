import type { Transaction } from 'kysely';
import type { MinuteCounts, OutputCounts } from './count-batch.js';
import { inTurns } from './in-turns.js';
import { labelNumbers, otherLabels, outputNumbers } from './names.js';
import { piecesOf } from './pieces-of.js';
import { addCounts, readCounts, writeCounts, type SparseCounts } from './sparse-counts.js';
import type { Tables } from './tables.js';

const rowsPerStatement = 100;

/** Minutes that are looked through between two turns of the event loop. */
const minutesPerTurn = 100;

type Minutes = ReadonlyMap<number, MinuteCounts>;

/**
 * Adds the counts of some versions' minutes to the ledger. Histograms are read, added to and written back, which is
 * safe because the caller holds the model ({@link holdModel}).
 */
export async function writeCountsOf(
  transaction: Transaction<Tables>,
  modelId: number,
  versions: ReadonlyMap<number, Minutes>,
  maxLabels: number,
): Promise<void> {
  await writeMinutes(transaction, versions);
  const { kinds, labels } = await outputsOf(versions);
  const series = await outputNumbers(transaction, modelId, kinds);
  const numbersOf = new Map<string, (label: string) => number>();
  for (const [output, seen] of labels) {
    numbersOf.set(output, await labelNumbers(transaction, series.get(output) ?? 0, seen, maxLabels));
  }
  const cells = predictionCells(versions, series, numbersOf);
  for await (const chunk of inTurns(piecesOf(cells, rowsPerStatement))) {
    await writePredictions(transaction, chunk);
  }
}

async function writeMinutes(
  transaction: Transaction<Tables>,
  versions: ReadonlyMap<number, Minutes>,
): Promise<void> {
  const cells = minuteCells(versions);
  for await (const chunk of inTurns(piecesOf(cells, rowsPerStatement))) {
    const rows = await transaction
      .selectFrom('minute_counts')
      .select(['version_id', 'minute', 'latency'])
      .where(
        'version_id',
        'in',
        distinct(chunk, ({ versionId }) => versionId),
      )
      .where(
        'minute',
        'in',
        distinct(chunk, ({ minute }) => minute),
      )
      .execute();
    const before = new Map(rows.map((row) => [`${row.version_id}:${row.minute}`, row.latency]));
    await transaction
      .insertInto('minute_counts')
      .values(
        chunk.map(({ versionId, minute, counts }) => ({
          version_id: versionId,
          minute,
          requests: counts.requests,
          errors: counts.errors,
          latency: addedTo(before.get(`${versionId}:${minute}`) ?? null, counts.latency),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['version_id', 'minute']).doUpdateSet((set) => ({
          requests: set('minute_counts.requests', '+', set.ref('excluded.requests')),
          errors: set('minute_counts.errors', '+', set.ref('excluded.errors')),
          latency: set.ref('excluded.latency'),
        })),
      )
      .execute();
  }
}

/** The minutes in which versions had requests; there are others, which only have outcomes. */
function* minuteCells(
  versions: ReadonlyMap<number, Minutes>,
): Generator<{ readonly versionId: number; readonly minute: number; readonly counts: MinuteCounts }> {
  for (const [versionId, minutes] of versions) {
    for (const [minute, counts] of minutes) if (counts.requests > 0) yield { versionId, minute, counts };
  }
}

/** What one version's output counted in one minute. */
interface PredictionCell {
  readonly versionId: number;
  readonly seriesId: number;
  readonly minute: number;
  readonly bins: SparseCounts;
}

async function writePredictions(
  transaction: Transaction<Tables>,
  cells: readonly PredictionCell[],
): Promise<void> {
  const rows = await transaction
    .selectFrom('prediction_counts')
    .select(['version_id', 'series_id', 'minute', 'bins'])
    .where(
      'version_id',
      'in',
      distinct(cells, ({ versionId }) => versionId),
    )
    .where(
      'series_id',
      'in',
      distinct(cells, ({ seriesId }) => seriesId),
    )
    .where(
      'minute',
      'in',
      distinct(cells, ({ minute }) => minute),
    )
    .execute();
  const before = new Map(rows.map((row) => [`${row.version_id}:${row.series_id}:${row.minute}`, row.bins]));
  await transaction
    .insertInto('prediction_counts')
    .values(
      cells.map(({ versionId, seriesId, minute, bins }) => ({
        version_id: versionId,
        series_id: seriesId,
        minute,
        bins: addedTo(before.get(`${versionId}:${seriesId}:${minute}`) ?? null, bins) ?? '[]',
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['version_id', 'series_id', 'minute'])
        .doUpdateSet((set) => ({ bins: set.ref('excluded.bins') })),
    )
    .execute();
}

/** Stored counts with new ones added; null while there are none. */
function addedTo(stored: string | null, counts: SparseCounts): string | null {
  if (counts.size === 0) return stored;
  if (stored === null) return writeCounts(counts);
  const sum = readCounts(stored);
  addCounts(sum, counts);
  return writeCounts(sum);
}

/** The outputs of all minutes with their kinds, and the labels of those that have labels. */
async function outputsOf(versions: ReadonlyMap<number, Minutes>): Promise<{
  readonly kinds: ReadonlyMap<string, OutputCounts['kind']>;
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
}> {
  const kinds = new Map<string, OutputCounts['kind']>();
  const labels = new Map<string, Set<string>>();
  const all = piecesOf(everyMinute(versions), minutesPerTurn);
  for await (const minutes of inTurns(all)) {
    for (const { outputs } of minutes) {
      for (const [output, counts] of outputs) {
        kinds.set(output, counts.kind);
        if (counts.kind === 'scores') continue;
        let seen = labels.get(output);
        if (seen === undefined) labels.set(output, (seen = new Set()));
        for (const label of counts.labels.keys()) seen.add(label);
      }
    }
  }
  return { kinds, labels };
}

function* everyMinute(versions: ReadonlyMap<number, Minutes>): Generator<MinuteCounts> {
  for (const minutes of versions.values()) yield* minutes.values();
}

function* predictionCells(
  versions: ReadonlyMap<number, Minutes>,
  series: ReadonlyMap<string, number>,
  numbersOf: ReadonlyMap<string, (label: string) => number>,
): Generator<PredictionCell> {
  for (const [versionId, minutes] of versions) {
    for (const [minute, { outputs }] of minutes) {
      for (const [output, counts] of outputs) {
        const bins =
          counts.kind === 'scores'
            ? counts.bins
            : binsOfLabels(counts, numbersOf.get(output) ?? (() => otherLabels));
        yield { versionId, seriesId: series.get(output) ?? 0, minute, bins };
      }
    }
  }
}

function binsOfLabels(
  { labels, others }: Extract<OutputCounts, { readonly kind: 'labels' }>,
  numberOf: (label: string) => number,
): SparseCounts {
  const bins: SparseCounts = new Map();
  if (others > 0) bins.set(otherLabels, others);
  for (const [label, count] of labels) {
    const number = numberOf(label);
    bins.set(number, (bins.get(number) ?? 0) + count);
  }
  return bins;
}

function distinct<T>(items: readonly T[], of: (item: T) => number): number[] {
  return [...new Set(items.map(of))];
}
