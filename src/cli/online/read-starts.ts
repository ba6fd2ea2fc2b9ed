import { keyOf } from '../../sources/prometheus/counting/sampled-series.js';
import { selectorText } from '../../sources/prometheus/signals/selector.js';
import type { ModelQueries } from '../../sources/prometheus/signals/signal.js';
import type { Asking } from './asking.js';
import { labelList } from './label-list.js';

/** When the processes began whose requests are counted, milliseconds since the epoch, by the labels that tell them apart. */
export async function readStarts(
  asking: Asking,
  { startTime: { metric, on }, signals, aggregated }: ModelQueries,
): Promise<ReadonlyMap<string, number>> {
  if (aggregated) return new Map();
  const { metrics, where } = signals.requests.plus;
  const starts = asking.lastOf(selectorText([metric], []));
  const requests = asking.lastOf(selectorText(metrics, where));
  const series = await asking.instant(`${starts} and on (${labelList(on)}) ${requests}`);
  const found = new Map<string, number>();
  for (const { labels, values } of series) {
    const value = values.at(-1);
    if (typeof value !== 'number') continue;
    const process = keyOf(on, labels);
    // Of several collectors one may not have seen the newest process yet.
    found.set(process, Math.max(value * 1000, found.get(process) ?? -Infinity));
  }
  return found;
}
