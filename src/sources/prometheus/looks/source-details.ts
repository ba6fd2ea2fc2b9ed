import { formatInstant } from '../../../domain/units.js';
import type { CanaryLife } from '../../looks/canary-life.js';
import { minuteMs } from '../../looks/minutes.js';
import type { ObservationQuery } from '../../observation-source.js';
import type { KeptLooks } from '../fetch/kept-looks.js';
import type { ModelReading } from '../fetch/model-reading.js';
import type { JudgedTime } from './judged-time.js';

/** What a reader of a verdict may want to know of the counts it was made from. */
export function detailsOf(
  query: ObservationQuery,
  { channels, expressions, queries, summary }: ModelReading,
  kept: KeptLooks,
  {
    span,
    settleMs,
    server,
    life,
    problems,
  }: JudgedTime & { readonly life: CanaryLife; readonly problems: ReadonlyMap<string, string> },
): Readonly<Record<string, unknown>> {
  const notes = [...kept.notes.list()].map(([code, { count, firstMs, lastMs, example }]) => ({
    code,
    text: noteTexts[code],
    count,
    first: formatInstant(firstMs),
    last: formatInstant(lastMs),
    example,
  }));
  return {
    source: 'prometheus',
    server,
    ...(queries.preset === undefined ? {} : { preset: queries.preset }),
    namespace: query.namespace,
    searched: { from: formatInstant(span.from * minuteMs), to: formatInstant(span.to * minuteMs) },
    settleSeconds: settleMs / 1000,
    scrapeIntervalSeconds: Math.max(queries.scrapeIntervalMs, kept.newest.intervalMs ?? 0) / 1000,
    firstTraffic: life.firstMinute === undefined ? null : formatInstant(life.firstMinute * minuteMs),
    restarts: life.restarts.map(({ minute, because }) => ({
      at: minute === undefined ? null : formatInstant(minute * minuteMs),
      because,
    })),
    // At the end of every minute; what lies between two of them is the difference.
    queries: {
      ...Object.fromEntries(channels.map((channel) => [channel.id, expressions.ends(channel)])),
      ...(summary === undefined ? {} : { latency: expressions.summaries(summary) }),
    },
    ...(queries.aggregated ? { aggregated: noteTexts['sum-went-down'] } : {}),
    ...(Object.keys(queries.missing).length === 0 ? {} : { missing: queries.missing }),
    ...(problems.size === 0 ? {} : { problems: Object.fromEntries(problems) }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

const noteTexts = {
  'counted-from-birth':
    'new series were counted from zero: their processes, or they themselves, had just begun',
  'first-value-not-counted':
    'the first values of new series were not counted: nothing says that they had just begun (no start time, no sibling in the scrape before)',
  'process-restarted':
    'counters began anew with their processes; what they showed before and after was counted',
  'went-down-without-restart':
    'counters went down a little though their processes had not restarted; nothing was counted until they were higher again',
  'sum-went-down':
    'the series are sums over targets: where one ends or restarts the sum goes down, and what was counted in that time is lost',
  'scrape-gap':
    'targets were not scraped for a while; what they counted meanwhile is in the look in which they were seen again',
} as const;
