import type { Preset } from '../sources/prometheus/presets/index.js';
import {
  mapCount,
  mapLatency,
  mapMatchers,
  mapOutcome,
  mapPrediction,
  type MatcherChange,
} from '../sources/prometheus/signals/map-matchers.js';
import { narrowMatchers } from '../sources/prometheus/signals/narrow-matchers.js';
import { fillMatcher } from '../sources/prometheus/signals/placeholders.js';
import type {
  Matcher,
  ModelSignals,
  OutcomeSignal,
  PredictionSignal,
} from '../sources/prometheus/signals/signal.js';
import type { ModelName, QueryProblem } from './query-problem.js';
import type { ModelPrometheus } from './sections/model-prometheus.js';
import type { OutcomeSetting, PredictionSetting } from './sections/outcome-settings.js';

/** The signals of a model: those of the settings, for what they leave out those of the preset. */
export function resolveSignals(
  given: ModelPrometheus,
  preset: Preset | undefined,
  name: ModelName,
): ModelSignals | undefined {
  const matchers = new SignalMatchers(given, preset, name);
  const base = preset === undefined ? undefined : mapMatchers(preset.signals, matchers.ofPreset());
  const requests = given.requests === undefined ? base?.requests : mapCount(given.requests, matchers.own);
  if (requests === undefined) return undefined;
  const errors =
    given.errors === undefined || given.errors === 'none'
      ? given.errors
      : mapCount(given.errors, matchers.own);
  const latency =
    given.latency === undefined || given.latency === 'none'
      ? given.latency
      : mapLatency(given.latency, matchers.own);
  return {
    requests,
    ...optional('errors', errors ?? base?.errors),
    ...optional('latency', latency ?? base?.latency),
    predictions: resolveNamed(given.predictions, base?.predictions, (setting, output) =>
      resolvePrediction(setting, output, preset, matchers),
    ),
    outcomes: resolveNamed(given.outcomes, base?.outcomes, (setting, outcome) =>
      resolveOutcome(setting, outcome, preset, matchers),
    ),
  };
}

/** Outputs and outcomes that are to be as in the preset, which has none by name. */
export function unnamedSettings(given: ModelPrometheus, preset: Preset | undefined): readonly QueryProblem[] {
  if (preset?.named !== undefined) return [];
  const without = preset === undefined ? 'there is no preset' : `the preset ${preset.name} has none`;
  const problem = (part: string, name: string, expected: string): QueryProblem => ({
    path: [part, name],
    message: `expected ${expected}, since ${without}`,
    isIncomplete: false,
  });
  return [
    ...presetEntries(given.predictions).map((name) => problem('predictions', name, 'histogram or counter')),
    ...presetEntries(given.outcomes).map((name) => problem('outcomes', name, 'count and sum')),
  ];
}

function presetEntries(
  settings: Readonly<Record<string, PredictionSetting | OutcomeSetting>> = {},
): readonly string[] {
  return Object.entries(settings).flatMap(([name, { kind }]) => (kind === 'preset' ? [name] : []));
}

/** What is added to the matchers of single signals. Each of them is filled once: a name is never read as a placeholder. */
class SignalMatchers {
  readonly #ofScrape: readonly Matcher[];
  readonly #given: readonly Matcher[];
  readonly #name: ModelName;

  constructor(given: ModelPrometheus, preset: Preset | undefined, name: ModelName) {
    this.#ofScrape = preset?.where ?? [];
    this.#given = given.where ?? [];
    this.#name = name;
  }

  /** Of a signal of the settings: what it says itself wins. */
  readonly own: MatcherChange = (where) =>
    narrowMatchers(narrowMatchers(this.#ofScrape, this.#given), where).map((one) =>
      fillMatcher(one, { ...this.#name }),
    );

  /** Of a signal of the preset: the settings win. */
  ofPreset(special: readonly Matcher[] = [], name?: string): MatcherChange {
    const values = { ...this.#name, ...(name === undefined ? {} : { name }) };
    return (where) =>
      narrowMatchers(narrowMatchers([...this.#ofScrape, ...where], this.#given), special).map((one) =>
        fillMatcher(one, values),
      );
  }
}

function resolvePrediction(
  setting: PredictionSetting,
  output: string,
  preset: Preset | undefined,
  matchers: SignalMatchers,
): PredictionSignal | undefined {
  if (setting.kind !== 'preset') return mapPrediction(setting, matchers.own);
  const signal = preset?.named?.[setting.as];
  return signal && mapPrediction(signal, matchers.ofPreset(setting.where, output));
}

function resolveOutcome(
  setting: OutcomeSetting,
  outcome: string,
  preset: Preset | undefined,
  matchers: SignalMatchers,
): OutcomeSignal | undefined {
  if (setting.kind !== 'preset') return mapOutcome(setting.signal, matchers.own);
  const signal = preset?.named?.outcome;
  return (
    signal && {
      ...mapOutcome(signal, matchers.ofPreset(setting.where, outcome)),
      immediate: setting.immediate,
    }
  );
}

function resolveNamed<Setting, Signal>(
  given: Readonly<Record<string, Setting>> | undefined,
  base: Readonly<Record<string, Signal>> | undefined,
  resolve: (setting: Setting, name: string) => Signal | undefined,
): Readonly<Record<string, Signal>> {
  if (given === undefined) return base ?? {};
  const entries = Object.entries(given).flatMap(([name, setting]) => {
    const signal = resolve(setting, name);
    return signal === undefined ? [] : [[name, signal] as const];
  });
  return Object.fromEntries(entries);
}

function optional<Key extends string, Value>(
  key: Key,
  value: Value | 'none' | undefined,
): Partial<Record<Key, Value>> {
  return value === undefined || value === 'none' ? {} : ({ [key]: value } as Partial<Record<Key, Value>>);
}
