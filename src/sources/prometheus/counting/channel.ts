import type { CounterSelection, ModelSignals } from '../signals/signal.js';

/**
 * One query of a signal: the counters that it adds, and what of their labels tells the cells apart that are counted
 * (bucket bounds, classes).
 */
export interface Channel {
  readonly id: string;
  readonly selection: CounterSelection;
  /** Absent: everything is one number. */
  readonly cellLabel?: string;
  /** The samples are native histograms. */
  readonly native?: boolean;
}

/** The queries that the counters of some signals need. */
export function channelsOf(signals: ModelSignals): readonly Channel[] {
  const channels: Channel[] = [{ id: 'requests', selection: signals.requests.plus }];
  const add = (id: string, selection: CounterSelection | undefined, more: Partial<Channel> = {}) => {
    if (selection !== undefined) channels.push({ id, selection, ...more });
  };
  add('requests-less', signals.requests.minus);
  add('errors', signals.errors?.plus);
  add('errors-less', signals.errors?.minus);
  if (signals.latency?.kind === 'buckets') {
    const { metric, form, where } = signals.latency;
    channels.push(histogramChannel('latency', metric, form, where));
  }
  for (const [name, signal] of Object.entries(signals.predictions)) {
    const id = predictionChannel(name);
    if (signal.kind === 'labels') add(id, signal.counter, { cellLabel: signal.label });
    else channels.push(histogramChannel(id, signal.metric, signal.form, signal.where));
  }
  for (const [name, { count, sum, sumOfSquares }] of Object.entries(signals.outcomes)) {
    add(outcomeChannel(name, 'count'), count);
    add(outcomeChannel(name, 'sum'), sum.plus);
    add(outcomeChannel(name, 'sum-less'), sum.minus);
    add(outcomeChannel(name, 'squares'), sumOfSquares);
  }
  return channels;
}

function histogramChannel(
  id: string,
  metric: string,
  form: 'classic' | 'native',
  where: CounterSelection['where'],
): Channel {
  return form === 'native'
    ? { id, selection: { metrics: [metric], where }, native: true }
    : { id, selection: { metrics: [`${metric}_bucket`], where }, cellLabel: 'le' };
}

export function predictionChannel(name: string): string {
  return `prediction ${name}`;
}

export function outcomeChannel(name: string, part: 'count' | 'sum' | 'sum-less' | 'squares'): string {
  return `outcome ${name} ${part}`;
}
