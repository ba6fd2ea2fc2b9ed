import { outcomeChannel } from '../../../sources/prometheus/counting/channel.js';
import type { OutcomeSignal } from '../../../sources/prometheus/signals/signal.js';
import { ok, warning, type CheckResult } from '../finding.js';
import { seriesOf, type ProbedModel } from '../probed-model.js';
import { counted, metricNames } from '../words.js';

/** Whether an outcome can be judged. */
export function checkOutcome(
  model: ProbedModel,
  name: string,
  { count, immediate }: OutcomeSignal,
): readonly CheckResult[] {
  const series = seriesOf(model, outcomeChannel(name, 'count')) ?? [];
  if (series.length === 0) return [];
  const check = `outcomes.${name}`;
  const told = `${counted(series.length, 'series')} of ${metricNames(count.metrics)}`;
  if (immediate) return [ok(check, `${told}, known with their requests`)];
  return [
    warning(
      check,
      `${told}, counted when they arrive: at first a canary has fewer of them than the stable version, so that its guardrail holds`,
      'set immediate: true where an outcome is known with its request; else leave the outcome out, or send outcomes with their ids to ml-verdict',
    ),
  ];
}
