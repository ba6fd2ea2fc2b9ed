import { modelSettings, type Config, type ModelSettings } from '../config/index.js';
import type { Policy } from '../domain/policy.js';
import { formatMilliseconds, formatPercent } from '../domain/units.js';
import { guardrailKind, plan, plannedTraffic, type GuardrailPlan, type Plan } from '../judge/index.js';
import { latencyBoundsMs } from '../sources/index.js';

/** The longest that a plan looks ahead. */
const weekSeconds = 7 * 86_400;

/**
 * What is not wrong with a config but will be regretted: latency limits that are no bound of the ledger's histogram, and
 * policies that cannot decide on the traffic that a model declares.
 */
export function configWarnings(config: Config): readonly string[] {
  return [
    ...[...config.policies.values()].flatMap(boundWarnings),
    ...[...config.models.keys()].flatMap((name) => trafficWarnings(config, name)),
  ];
}

function boundWarnings(policy: Policy): readonly string[] {
  return policy.guardrails.flatMap((settings) => {
    const { planning } = guardrailKind(settings.kind);
    const missing = planning.thresholdsWithoutBound?.(latencyBoundsMs, settings) ?? [];
    return missing.map(
      (threshold) =>
        `policies.${policy.name}: ${settings.name} has a limit at ${formatMilliseconds(threshold)}, ${placeOf(threshold)}; choose one of its bounds (${latencyBoundsMs.join(', ')} ms)`,
    );
  });
}

function placeOf(threshold: number): string {
  const lower = latencyBoundsMs.filter((bound) => bound < threshold).at(-1) ?? 0;
  const upper = latencyBoundsMs.find((bound) => bound > threshold);
  return upper === undefined
    ? `beyond ${formatMilliseconds(lower)}, the last bound of the ledger's histogram: nothing is known of what is slower`
    : `between the bounds ${formatMilliseconds(lower)} and ${formatMilliseconds(upper)} of the ledger's histogram: a verdict has to cross that whole bucket`;
}

function trafficWarnings(config: Config, name: string): readonly string[] {
  const settings = settingsOf(config, name);
  const policy = config.policies.get(settings.policy ?? 'default');
  // An entry that says nothing of traffic or policy itself adds nothing to what the one for all models says.
  const own = config.models.get(name);
  if (settings.traffic === undefined || policy === undefined) return [];
  if (own?.traffic === undefined && own?.policy === undefined) return [];
  const traffic = plannedTraffic(settings.traffic, {
    latencyBoundsMs,
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
  const slash = name.indexOf('/');
  return slash < 0
    ? modelSettings(config, '', name)
    : modelSettings(config, name.slice(0, slash), name.slice(slash + 1));
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
