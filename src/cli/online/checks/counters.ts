import { keyOf } from '../../../sources/prometheus/counting/sampled-series.js';
import type { QuerySeries } from '../../../sources/index.js';
import { checkOfChannel } from '../check-names.js';
import type { CheckResult } from '../finding.js';
import { processOf, type ProbedChannel, type ProbedModel } from '../probed-model.js';
import { metricNames } from '../words.js';

/** Where nothing tells when a process began, a counter may go down once: at its restart. */
const fewestDrops = 2;

interface Dropping {
  readonly labels: QuerySeries['labels'];
  readonly drops: number;
  /** Its process is known to have gone on. */
  readonly isCertain: boolean;
}

/** Counters that go down though their process goes on: gauges, or several processes that answer at one address in turn. */
export function checkCounters(model: ProbedModel): readonly CheckResult[] {
  if (model.queries.aggregated) return [];
  return model.channels.flatMap((probed) => {
    const dropping = mostDropping(model, probed);
    if (dropping === undefined) return [];
    const { labels, drops, isCertain } = dropping;
    const names = model.queries.targetLabels.filter((name) => labels[name] !== undefined);
    const target = keyOf(names, labels).replaceAll('\0', ', ');
    const why = isCertain
      ? 'though its process did not restart: it is no counter, or several processes answer there in turn'
      : 'and nothing tells whether its process restarted: if it did not, it is no counter, or several processes answer there in turn';
    return [
      {
        level: isCertain ? 'error' : 'warning',
        check: checkOfChannel(probed.channel.id),
        found: `${metricNames(probed.channel.selection.metrics)} went down ${drops === 1 ? 'once' : `${drops} times`} in a few minutes (${target}), ${why}`,
        fix: 'name a counter; where a pod has several worker processes, let them share their metrics, or run one worker in more pods',
      },
    ];
  });
}

/** The counter that went down most often. */
function mostDropping(model: ProbedModel, { series }: ProbedChannel): Dropping | undefined {
  let worst: Dropping | undefined;
  for (const { labels, timesMs, values } of series) {
    const drops = dropsOf(values);
    const startMs = model.starts.get(processOf(model.queries, labels));
    const isCertain = startMs !== undefined;
    // A process that began meanwhile may have taken the place of another one.
    const isExplained = startMs === undefined ? drops < fewestDrops : startMs > (timesMs[0] ?? 0);
    if (drops > (worst?.drops ?? 0) && !isExplained) worst = { labels, drops, isCertain };
  }
  return worst;
}

function dropsOf(values: QuerySeries['values']): number {
  const sizes = values.map((value) => (typeof value === 'number' ? value : value.count));
  return sizes.filter((size, index) => size < (sizes[index - 1] ?? -Infinity)).length;
}
