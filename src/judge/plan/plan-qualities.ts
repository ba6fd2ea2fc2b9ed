import type { GuardrailSettings, Policy } from '../../domain/policy.js';
import { guardrailKind } from '../guardrails/index.js';
import { cleanNumber } from './clean-number.js';
import type { PlannedQuality } from './plan-document.js';
import type { PlannedBaseline } from './planning.js';

/** Qualities that are given in place of the default ones, by guardrail, in the unit of its estimate. */
export interface PlanQualities {
  readonly healthy: ReadonlyMap<string, number>;
  readonly faulty: ReadonlyMap<string, number>;
}

/** The quality that a guardrail is planned for: the given one, else the kind's. */
export function plannedQuality(
  settings: GuardrailSettings,
  qualities: PlanQualities,
  health: 'healthy' | 'faulty',
): PlannedQuality {
  const { planning } = guardrailKind(settings.kind);
  const given = qualities[health].get(settings.name);
  const quality = given ?? cleanNumber(planning.assumedQuality(settings, health));
  return { quality, text: planning.formatQuality(quality, settings), assumed: given === undefined };
}

/** What the stable version is taken for where the policy has no absolute guardrail that says so. */
const usual: PlannedBaseline = { errorRate: 0.003, latency: { quantile: 0.99, milliseconds: 150 } };

/** The stable version as healthy as the policy's first error-rate and latency guardrails have it. */
export function baselineOf(policy: Policy, qualities: PlanQualities): PlannedBaseline {
  const healthyOf = (kind: string) => {
    const settings = policy.guardrails.find((guardrail) => guardrail.kind === kind);
    return settings === undefined ? undefined : plannedQuality(settings, qualities, 'healthy').quality;
  };
  const latency = policy.guardrails.find(({ kind }) => kind === 'latency-quantile');
  const milliseconds = healthyOf('latency-quantile');
  return {
    errorRate: healthyOf('error-rate') ?? usual.errorRate,
    latency:
      latency !== undefined && 'quantile' in latency && typeof latency.quantile === 'number'
        ? { quantile: latency.quantile, milliseconds: milliseconds ?? usual.latency.milliseconds }
        : usual.latency,
  };
}
