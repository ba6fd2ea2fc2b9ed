import type { Preset, PresetSignal } from '../sources/prometheus/presets/index.js';
import type { ModelPrometheus } from './sections/model-prometheus.js';

/** The signals that a model may do without. */
const signals = ['errors', 'latency', 'predictions', 'outcomes'] as const;

const unnamed: Readonly<Record<(typeof signals)[number], string>> = {
  errors: 'no metric of errors is named',
  latency: 'no metric of request times is named',
  predictions: 'no metric of predictions is named',
  outcomes: 'no metric of outcomes is named',
};

const ownQuantiles =
  'quantiles that servers compute themselves cannot be added up over pods: that of the slowest pod is told, without a guarantee';

/** What cannot be measured of a model, or not fully, and how it could be, by signal. */
export function missingSignals(
  given: ModelPrometheus,
  preset: Preset | undefined,
): Readonly<Record<string, string>> {
  const missing: Record<string, string> = {};
  const { latency } = given;
  if (latency !== undefined && latency !== 'none' && latency.kind === 'summary')
    missing['latency'] = ownQuantiles;
  for (const signal of signals) {
    if (given[signal] === 'none') missing[signal] = 'the config says that it is not measured';
    else if (given[signal] === undefined) {
      const told = preset === undefined ? unnamed[signal] : gapOf(preset, signal);
      if (told !== undefined) missing[signal] = told;
    }
  }
  const start =
    given.startTime === undefined && preset !== undefined ? gapOf(preset, 'startTime') : undefined;
  if (start !== undefined) missing['startTime'] = start;
  return missing;
}

function gapOf(preset: Preset, signal: PresetSignal): string | undefined {
  const gap = preset.gaps[signal];
  return gap === undefined ? undefined : `${gap.reason}; ${gap.advice}`;
}
