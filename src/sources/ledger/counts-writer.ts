import type { Transaction } from 'kysely';
import type { MinuteCounts, OutputCounts } from './count-batch.js';
import { inTurns } from './in-turns.js';
import { chunksOf, labelNumbers, otherLabels, outputNumber } from './names.js';
import { addCounts, readCounts, writeCounts, type SparseCounts } from './sparse-counts.js';
import type { Tables } from './tables.js';

const rowsPerStatement = 100;

type Minutes = ReadonlyMap<number, MinuteCounts>;

/**
 * Adds the counts of some versions' minutes to the ledger. Histograms are read, added to and written back, which is
 * safe because the caller holds the model ({@link changeModel}).
 */
export async function writeCountsOf(
  transaction: Transaction<Tables>,
  modelId: number,
  versions: ReadonlyMap<number, Minutes>,
): Promise<void> {
  for await (const [versionId, minutes] of inTurns(versions)) {
    await writeMinutes(transaction, versionId, minutes);
  }
  for (const [output, kind] of outputsOf(versions)) {
    const seriesId = await outputNumber(transaction, modelId, output, kind);
    const labels = labelsOf(versions, output);
    const numberOf =
      kind === 'labels' ? await labelNumbers(transaction, seriesId, labels) : () => otherLabels;
    for await (const [versionId, minutes] of inTurns(versions)) {
      await writePredictions(transaction, versionId, seriesId, binsOf(minutes, output, numberOf));
    }
  }
}

async function writeMinutes(
  transaction: Transaction<Tables>,
  versionId: number,
  minutes: Minutes,
): Promise<void> {
  // A minute that only has outcomes had no requests here.
  const served = [...minutes].filter(([, counts]) => counts.requests > 0);
  for await (const chunk of inTurns(chunksOf(served, rowsPerStatement))) {
    const numbers = chunk.map(([minute]) => minute);
    const rows = await transaction
      .selectFrom('minute_counts')
      .select(['minute', 'latency'])
      .where('version_id', '=', versionId)
      .where('minute', 'in', numbers)
      .execute();
    const before = new Map(rows.map((row) => [row.minute, row.latency]));
    await transaction
      .insertInto('minute_counts')
      .values(
        chunk.map(([minute, counts]) => ({
          version_id: versionId,
          minute,
          requests: counts.requests,
          errors: counts.errors,
          latency: addedTo(before.get(minute) ?? null, counts.latency),
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

async function writePredictions(
  transaction: Transaction<Tables>,
  versionId: number,
  seriesId: number,
  bins: readonly (readonly [minute: number, counts: SparseCounts])[],
): Promise<void> {
  for await (const chunk of inTurns(chunksOf(bins, rowsPerStatement))) {
    const rows = await transaction
      .selectFrom('prediction_counts')
      .select(['minute', 'bins'])
      .where('version_id', '=', versionId)
      .where('series_id', '=', seriesId)
      .where(
        'minute',
        'in',
        chunk.map(([minute]) => minute),
      )
      .execute();
    const before = new Map(rows.map((row) => [row.minute, row.bins]));
    await transaction
      .insertInto('prediction_counts')
      .values(
        chunk.map(([minute, counts]) => ({
          version_id: versionId,
          series_id: seriesId,
          minute,
          bins: addedTo(before.get(minute) ?? null, counts) ?? '[]',
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['version_id', 'series_id', 'minute'])
          .doUpdateSet((set) => ({ bins: set.ref('excluded.bins') })),
      )
      .execute();
  }
}

/** Stored counts with new ones added; null while there are none. */
function addedTo(stored: string | null, counts: SparseCounts): string | null {
  if (counts.size === 0) return stored;
  const sum = stored === null ? new Map<number, number>() : readCounts(stored);
  addCounts(sum, counts);
  return writeCounts(sum);
}

function outputsOf(versions: ReadonlyMap<number, Minutes>): ReadonlyMap<string, OutputCounts['kind']> {
  const outputs = new Map<string, OutputCounts['kind']>();
  for (const [name, counts] of everyOutput(versions)) outputs.set(name, counts.kind);
  return outputs;
}

function labelsOf(versions: ReadonlyMap<number, Minutes>, output: string): ReadonlySet<string> {
  const labels = new Set<string>();
  for (const [name, counts] of everyOutput(versions)) {
    if (name !== output || counts.kind !== 'labels') continue;
    for (const label of counts.labels.keys()) labels.add(label);
  }
  return labels;
}

function* everyOutput(versions: ReadonlyMap<number, Minutes>): Generator<readonly [string, OutputCounts]> {
  for (const minutes of versions.values()) {
    for (const counts of minutes.values()) yield* counts.outputs;
  }
}

function binsOf(
  minutes: Minutes,
  output: string,
  numberOf: (label: string) => number,
): readonly (readonly [number, SparseCounts])[] {
  return [...minutes].flatMap(([minute, { outputs }]) => {
    const counts = outputs.get(output);
    if (counts === undefined) return [];
    return [
      [minute, counts.kind === 'scores' ? counts.bins : binsOfLabels(counts.labels, numberOf)] as const,
    ];
  });
}

function binsOfLabels(
  labels: ReadonlyMap<string, number>,
  numberOf: (label: string) => number,
): SparseCounts {
  const bins: SparseCounts = new Map();
  for (const [label, count] of labels) {
    const number = numberOf(label);
    bins.set(number, (bins.get(number) ?? 0) + count);
  }
  return bins;
}
