import assert from 'node:assert/strict';
import type {
  ArmCounts,
  LatencyCounts,
  Observations,
  PredictionCounts,
} from '../../../src/domain/observations.js';
import { binned } from '../../support/prometheus/expected-arm.js';
import type { Tally } from '../../support/prometheus/tally.js';
import { minuteMs } from '../../support/simulation/minute-span.js';
import type { ExpectedLook, ExpectedLooks } from './expected-looks.js';
import type { Scene } from './scenes/scene.js';

/**
 * Compares what a source answered with what was served, minute by minute, and says all differences at once. A minute or
 * an arm that is not there is one without traffic.
 */
export function assertLooks(scene: Scene, answered: Observations, expected: ExpectedLooks): void {
  const anyBounds = scene.latencyBoundsMs === 'as-answered';
  const before = answered.before.filter(({ startMs }) => startMs >= expected.wholeFromMs);
  const differences = [
    ...compare('look', answered.looks, expected.looks, ['canary', 'stable'], anyBounds),
    ...compare('before', before, expected.before, ['stable'], anyBounds),
  ];
  assert.equal(differences.join('\n'), '');
}

interface AnsweredLook {
  readonly startMs: number;
  readonly endMs: number;
  readonly canary?: ArmCounts;
  readonly stable?: ArmCounts;
}

function compare(
  what: string,
  answered: readonly AnsweredLook[],
  expected: readonly ExpectedLook[],
  arms: readonly ('canary' | 'stable')[],
  anyBounds: boolean,
): readonly string[] {
  const differences: string[] = [];
  const found = new Map(answered.map((look) => [look.startMs, look]));
  const known = new Set(expected.map(({ startMs }) => startMs));
  const firstMs = expected[0]?.startMs ?? 0;
  for (const { startMs, endMs } of answered) {
    const minute = (startMs - firstMs) / minuteMs;
    if (endMs - startMs !== minuteMs || startMs % minuteMs !== 0) {
      differences.push(`${what} ${minute} is no whole minute`);
    }
    if (!known.has(startMs)) differences.push(`${what} ${minute} was not expected`);
  }
  for (const look of expected) {
    for (const arm of arms) {
      const name = `${what} ${(look.startMs - firstMs) / minuteMs} ${arm}`;
      const counts = found.get(look.startMs)?.[arm];
      const wanted = anyBounds ? inBoundsOf(counts, look[arm], look.tallies[arm]) : look[arm];
      differences.push(...compareArms(name, counts, wanted));
    }
  }
  return differences;
}

function compareArms(name: string, answered: ArmCounts | undefined, expected: ArmCounts): readonly string[] {
  if (answered === undefined) {
    return expected.requests === 0 ? [] : [`${name}: nothing, expected ${expected.requests} requests`];
  }
  const left = written(answered);
  const right = written(expected);
  const differences: string[] = [];
  for (const field of new Set([...left.keys(), ...right.keys()])) {
    const found = left.get(field) ?? 'nothing';
    const wanted = right.get(field) ?? 'nothing';
    if (found !== wanted) differences.push(`${name} ${field}: ${found}, expected ${wanted}`);
  }
  return differences;
}

/** The counts of an arm, each as a text of its own. What is zero everywhere needs not be there. */
function written(arm: ArmCounts): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const note = (field: string, counts: readonly number[], text = counts.join(' ')) => {
    if (counts.some((count) => count !== 0)) fields.set(field, text);
  };
  note('requests', [arm.requests]);
  note('errors', [arm.errors]);
  if (arm.latency !== undefined) note('latency', arm.latency.counts, histogramText(arm.latency));
  for (const [output, prediction] of arm.predictions) {
    note(`prediction ${output}`, prediction.counts, predictionText(prediction));
  }
  for (const [outcome, { count, sum, sumOfSquares }] of arm.outcomes) {
    note(`outcome ${outcome}`, [count, sum, sumOfSquares]);
  }
  return fields;
}

function histogramText({ boundsMs, counts }: LatencyCounts): string {
  return `${counts.join(' ')} between ${boundsMs.join(' ')} ms`;
}

function predictionText(prediction: PredictionCounts): string {
  if (prediction.kind === 'scores') {
    return `${prediction.counts.join(' ')} between ${prediction.edges.join(' ')}`;
  }
  return [...prediction.labels, 'others']
    .map((label, index) => `${label}: ${prediction.counts[index] ?? 0}`)
    .filter((text) => !text.endsWith(': 0'))
    .sort()
    .join(', ');
}

/** The expected counts in the bounds that the answer has: it has to have some. */
function inBoundsOf(answered: ArmCounts | undefined, expected: ArmCounts, tally: Tally): ArmCounts {
  const boundsMs = answered?.latency?.boundsMs ?? [];
  return { ...expected, latency: { boundsMs, counts: binned(tally.latenciesMs, boundsMs) } };
}
