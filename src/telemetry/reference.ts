import type { Metrics } from './metrics.js';

/** The reference of every metric of our own as Markdown, made from the registry that `/metrics` prints. */
export function metricsReference({ registry }: Metrics): string {
  const rows = registry
    .getMetricsAsArray()
    .map((metric) => {
      const labels = 'labelNames' in metric ? (metric.labelNames as readonly string[]) : [];
      const shown = labels.map((label) => `\`${label}\``).join(', ');
      return `| \`${metric.name}\` | ${typeOf(metric)} | ${shown} | ${metric.help} |`;
    })
    .sort();
  return [
    '# Metrics reference',
    '',
    '<!-- Made by `npm run generate` from the registry; do not edit. -->',
    '',
    '`GET /metrics` answers in the text format of Prometheus. Beside these it has the metrics of the process and of Node.js (`process_*`, `nodejs_*`). The values of every label are bounded: route patterns, statuses, codes of closed lists, names of guardrails and of models that the config lists.',
    '',
    '| metric | type | labels | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function typeOf(metric: object): string {
  return metric.constructor.name.toLowerCase();
}
