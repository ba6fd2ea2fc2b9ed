import { Registry } from 'prom-client';
import { CollectedMetric } from './ingested/collected-metric.js';
import { droppedMetric, offeredMetrics } from './ingested/offered-metrics.js';
import { createControllerMetrics } from './controller-metrics.js';
import type { Metrics } from './metrics.js';

/** Metrics of the process that Node.js can read on Linux only: told by name, so that the page is the same everywhere. */
const linuxOnly: readonly string[] = [
  'process_heap_bytes',
  'process_max_fds',
  'process_open_fds',
  'process_virtual_memory_bytes',
];

/** The reference of every metric as Markdown, made from a registry that has those of the process too. */
export function metricsReference({ registry }: Metrics): string {
  const all = registry.getMetricsAsArray().filter(({ name }) => !linuxOnly.includes(name));
  const isOurs = ({ name }: { readonly name: string }): boolean => name.startsWith('ml_verdict_');
  return [
    '# Metrics reference',
    '',
    '<!-- Made by `npm run generate` from the registry; do not edit. -->',
    '',
    '`GET /metrics` answers in the text format of Prometheus. The values of every label are bounded: route patterns, statuses, codes of closed lists, names of guardrails and of models that the config lists. [A dashboard and alerts](../guides/monitoring.md) are shipped.',
    '',
    '## The service',
    '',
    ...table(all.filter(isOurs)),
    '',
    '## What is ingested',
    '',
    'Off unless the config enables it: `metrics.ingested`, see [ingested metrics](../guides/ingested-metrics.md). The names of models, versions, outputs, labels and outcomes are those of the events; how many series there may be is bounded.',
    '',
    ...table(ingestedMetrics()),
    '',
    '## The controller',
    '',
    'Of `ml-verdict controller`, at the port that `--metrics-port` names.',
    '',
    ...table(
      createControllerMetrics({ processMetrics: false })
        .registry.getMetricsAsArray()
        .filter(({ name }) => name !== 'ml_verdict_build_info'),
    ),
    '',
    '## The process and Node.js',
    '',
    `On Linux also ${linuxOnly.map((name) => `\`${name}\``).join(', ')}.`,
    '',
    ...table(all.filter((metric) => !isOurs(metric))),
    '',
  ].join('\n');
}

type RegisteredMetric = ReturnType<Metrics['registry']['getMetricsAsArray']>[number];

function table(metrics: readonly RegisteredMetric[]): readonly string[] {
  const rows = metrics.map((metric) => {
    const labels = 'labelNames' in metric ? (metric.labelNames as readonly string[]) : [];
    const shown = labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${metric.name}\` | ${typeOf(metric)} | ${shown} | ${metric.help} |`;
  });
  return ['| metric | type | labels | meaning |', '|---|---|---|---|', ...rows.sort()];
}

function ingestedMetrics(): readonly RegisteredMetric[] {
  const registry = new Registry();
  for (const metric of [...offeredMetrics(() => []).values(), droppedMetric()])
    registry.registerMetric(metric);
  return registry.getMetricsAsArray();
}

function typeOf(metric: object): string {
  return metric instanceof CollectedMetric ? metric.type : metric.constructor.name.toLowerCase();
}
