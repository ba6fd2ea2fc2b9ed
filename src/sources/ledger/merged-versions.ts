import { VerdictError } from '../../domain/errors.js';
import { noCounts, type MinuteCounts, type OutputCounts } from './count-batch.js';
import { addCounts } from './sparse-counts.js';

/** Minutes of versions, as a batch has them. */
type Versions = ReadonlyMap<string, ReadonlyMap<number, MinuteCounts>>;

/**
 * The counts of several batches in one: a minute that many small batches count in is written once. The batches stay
 * as they are. Fails where they have both numbers and labels for one prediction output.
 */
export function mergedVersions(batches: readonly Versions[]): Versions {
  const [only] = batches;
  if (only !== undefined && batches.length === 1) return only;
  const merged = new Map<string, Map<number, MinuteCounts>>();
  for (const versions of batches) {
    for (const [version, minutes] of versions) {
      let into = merged.get(version);
      if (into === undefined) merged.set(version, (into = new Map<number, MinuteCounts>()));
      for (const [minute, counts] of minutes) into.set(minute, added(into.get(minute) ?? noCounts(), counts));
    }
  }
  return merged;
}

function added(into: MinuteCounts, counts: MinuteCounts): MinuteCounts {
  into.requests += counts.requests;
  into.errors += counts.errors;
  into.latencySumMs += counts.latencySumMs;
  addCounts(into.latency, counts.latency);
  for (const [output, more] of counts.outputs) {
    into.outputs.set(output, addedOutput(into.outputs.get(output), more));
  }
  for (const [name, more] of counts.outcomes) {
    const sum = into.outcomes.get(name);
    if (sum === undefined) into.outcomes.set(name, { ...more });
    else {
      sum.count += more.count;
      sum.sum += more.sum;
      sum.sumOfSquares += more.sumOfSquares;
      sum.positiveSum += more.positiveSum;
      sum.negativeSum += more.negativeSum;
    }
  }
  return into;
}

function addedOutput(into: OutputCounts | undefined, more: OutputCounts): OutputCounts {
  if (more.kind === 'scores') {
    if (into === undefined) return { kind: 'scores', bins: new Map(more.bins) };
    if (into.kind === 'labels') throw mixedKinds(into.kind, more.kind);
    addCounts(into.bins, more.bins);
    return into;
  }
  if (into === undefined) return { kind: 'labels', labels: new Map(more.labels), others: more.others };
  if (into.kind === 'scores') throw mixedKinds(into.kind, more.kind);
  for (const [label, count] of more.labels) into.labels.set(label, (into.labels.get(label) ?? 0) + count);
  into.others += more.others;
  return into;
}

/** What a batch is answered whose output has become of the other kind since its lines were read. */
export function mixedKinds(known: string, got: string): VerdictError {
  return new VerdictError(
    'unavailable',
    `another request has just sent ${known} for a prediction output that this one has ${got} for; send it again to see which lines are meant`,
  );
}
