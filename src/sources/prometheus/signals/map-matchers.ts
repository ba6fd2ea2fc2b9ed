import type {
  CounterSelection,
  CountSignal,
  LatencySignal,
  Matcher,
  ModelSignals,
  OutcomeSignal,
  PredictionSignal,
} from './signal.js';

/** Makes the matchers of one selection into others. */
export type MatcherChange = (where: readonly Matcher[]) => readonly Matcher[];

/** The same signals with other matchers, everywhere. */
export function mapMatchers(signals: ModelSignals, change: MatcherChange): ModelSignals {
  const { requests, errors, latency, predictions, outcomes } = signals;
  return {
    requests: mapCount(requests, change),
    ...(errors === undefined ? {} : { errors: mapCount(errors, change) }),
    ...(latency === undefined ? {} : { latency: mapLatency(latency, change) }),
    predictions: mapValues(predictions, (one) => mapPrediction(one, change)),
    outcomes: mapValues(outcomes, (one) => mapOutcome(one, change)),
  };
}

export function mapCount({ plus, minus }: CountSignal, change: MatcherChange): CountSignal {
  return {
    plus: mapCounter(plus, change),
    ...(minus === undefined ? {} : { minus: mapCounter(minus, change) }),
  };
}

export function mapLatency(latency: LatencySignal, change: MatcherChange): LatencySignal {
  return { ...latency, where: change(latency.where) };
}

export function mapPrediction(signal: PredictionSignal, change: MatcherChange): PredictionSignal {
  return signal.kind === 'labels'
    ? { ...signal, counter: mapCounter(signal.counter, change) }
    : { ...signal, where: change(signal.where) };
}

export function mapOutcome(signal: OutcomeSignal, change: MatcherChange): OutcomeSignal {
  const { count, sum, sumOfSquares, immediate } = signal;
  return {
    count: mapCounter(count, change),
    sum: mapCount(sum, change),
    ...(sumOfSquares === undefined ? {} : { sumOfSquares: mapCounter(sumOfSquares, change) }),
    immediate,
  };
}

function mapCounter({ metrics, where }: CounterSelection, change: MatcherChange): CounterSelection {
  return { metrics, where: change(where) };
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
