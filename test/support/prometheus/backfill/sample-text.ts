import type { WrittenSeries } from '../simulation/sample-book.js';

/**
 * Series as text with the times of their samples: `open-metrics` as promtool makes blocks of it, `prometheus` as
 * VictoriaMetrics imports it. The text can hold neither native histograms nor marks of staleness: they are left out.
 */
export function sampleText(series: readonly WrittenSeries[], format: 'open-metrics' | 'prometheus'): string {
  const lines = series.flatMap(({ labels, samples }) => {
    const name = seriesName(labels);
    return samples.flatMap(({ timeMs, value }) =>
      typeof value === 'number'
        ? [`${name} ${value} ${format === 'prometheus' ? timeMs : timeMs / 1000}\n`]
        : [],
    );
  });
  return lines.join('') + (format === 'open-metrics' ? '# EOF\n' : '');
}

function seriesName({ __name__: name = '', ...labels }: Readonly<Record<string, string>>): string {
  const matchers = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${matchers.join(',')}}`;
}
