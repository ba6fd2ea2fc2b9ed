import type { RawSeries } from '../../support/prometheus/metric-server.js';
import type { WrittenSeries } from '../../support/prometheus/simulation/sample-book.js';

/** VictoriaMetrics keeps numbers in decimal: sums of fractions lose their last binary digits there. */
const significantDigits = 12;

/** How the samples that a server has differ from those that were written, a line for each series; none where they do not. */
export function sampleDifferences(
  found: readonly RawSeries[],
  written: readonly WrittenSeries[],
): readonly string[] {
  const left = sampleTexts(found.map(({ labels, timesMs, values }) => [labels, pairs(timesMs, values)]));
  const right = sampleTexts(
    written.map(({ labels, samples }) => [
      labels,
      samples.flatMap(({ timeMs, value }) => (typeof value === 'number' ? [[timeMs, value] as const] : [])),
    ]),
  );
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) => {
    const have = left.get(key) ?? [];
    const want = right.get(key) ?? [];
    const place = want.findIndex((sample, index) => sample !== have[index]);
    if (place === -1 && have.length === want.length) return [];
    return [`${key} at ${place}: ${have[place] ?? 'nothing'}, expected ${want[place] ?? 'nothing'}`];
  });
}

type Pair = readonly [number, number];
type Labels = Readonly<Record<string, string>>;

function sampleTexts(
  series: readonly (readonly [Labels, readonly Pair[]])[],
): ReadonlyMap<string, readonly string[]> {
  const texts = series.map(([labels, samples]) => {
    const key = JSON.stringify(Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1)));
    const numbers = samples.filter(([, value]) => !Number.isNaN(value));
    return [
      key,
      numbers.map(([timeMs, value]) => `${timeMs} ${value.toPrecision(significantDigits)}`),
    ] as const;
  });
  return new Map(texts.filter(([, samples]) => samples.length > 0));
}

function pairs(timesMs: readonly number[], values: readonly number[]): readonly Pair[] {
  return timesMs.map((timeMs, index) => [timeMs, values[index] ?? NaN]);
}
