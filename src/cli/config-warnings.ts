import {
  knownLatencyBounds,
  modelOfEntry,
  modelSettings,
  modelSource,
  type Config,
  type ModelSettings,
} from '../config/index.js';
import type { Policy } from '../domain/policy.js';
import { formatPercent } from '../domain/units.js';
import { plan, plannedTraffic, type GuardrailPlan, type Plan } from '../judge/index.js';
import { latencyBoundsMs } from '../sources/index.js';
import { limitsBesideBounds } from './limit-warnings.js';
import { prometheusWarnings } from './prometheus-warnings.js';

/** The longest that a plan looks ahead. */
const weekSeconds = 7 * 86_400;

/**
 * What is not wrong with a config but will be regretted: latency limits that are no bound of the histogram, policies that
 * cannot decide on the traffic that a model declares, and what the metrics of a model cannot give.
 */
export function configWarnings(config: Config): readonly string[] {
  return [
    ...(isAnyFromLedger(config) ? [...config.policies.values()].flatMap(ledgerBoundWarnings) : []),
    ...[...config.models.keys()].flatMap((name) => trafficWarnings(config, name)),
    ...prometheusWarnings(config),
  ];
}

/** Whether there may be models whose counts come from the ledger. */
function isAnyFromLedger(config: Config): boolean {
  return ['*', ...config.models.keys()].some((name) => modelSource(settingsOf(config, name)) === 'ledger');
}

function ledgerBoundWarnings({ name, guardrails }: Policy): readonly string[] {
  return limitsBesideBounds(guardrails, latencyBoundsMs, "the ledger's histogram").map(
    (warning) => `policies.${name}: ${warning}`,
  );
}

function trafficWarnings(config: Config, name: string): readonly string[] {
  const settings = settingsOf(config, name);
  const policy = config.policies.get(settings.policy ?? 'default');
  // An entry that says nothing of traffic or policy itself adds nothing to what the one for all models says.
  const own = config.models.get(name);
  if (settings.traffic === undefined || policy === undefined) return [];
  if (own?.traffic === undefined && own?.policy === undefined) return [];
  const traffic = plannedTraffic(settings.traffic, {
    latencyBoundsMs: knownLatencyBounds(settings) ?? latencyBoundsMs,
    ...(settings.routing === undefined ? {} : { routing: settings.routing }),
  });
  if (!traffic.ok) return [];
  const planned = plan(policy, { traffic: traffic.value, withinSeconds: weekSeconds });
  const holds = policy.guardrails.filter(({ onBreach }) => onBreach === 'hold').map((one) => one.name);
  return planned.guardrails
    .filter(({ notMeasured }) => !notMeasured)
    .flatMap((guardrail) => [
      ...promoteWarning(guardrail, planned),
      // Who wrote that a breach holds does not have to be told.
      ...(holds.includes(guardrail.name) ? [] : rollbackWarning(guardrail)),
    ])
    .map((warning) => `models.${name}.traffic: policy ${policy.name}: ${warning}`);
}

/** The settings of an entry of `models`, which may be for one namespace. */
function settingsOf(config: Config, name: string): ModelSettings {
  const { namespace, model } = modelOfEntry(name);
  return modelSettings(config, namespace, model);
}

function promoteWarning(
  { name, untilNotBlocking: { median, undecided } }: GuardrailPlan,
  { smallestWeight }: Plan,
): readonly string[] {
  if (median !== null || undecided === null) return [];
  const smallest = smallestWeight?.median ?? null;
  const weight =
    undecided.code !== 'longer-than-a-week'
      ? ''
      : smallest === null
        ? ' (no weight up to 50 % promotes within a week)'
        : ` (a weight of ${formatPercent(smallest)} promotes within a week)`;
  return [`${name} never promotes: ${undecided.text}${weight}`];
}

function rollbackWarning({ name, untilRollback: { median, undecided } }: GuardrailPlan): readonly string[] {
  return median !== null || undecided === null ? [] : [`${name} never rolls back: ${undecided.text}`];
}
