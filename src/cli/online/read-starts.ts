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
  return new Map(
    series.flatMap(({ labels, values }) => {
      const value = values.at(-1);
      return typeof value === 'number' ? [[keyOf(on, labels), value * 1000] as const] : [];
    }),
  );
}
