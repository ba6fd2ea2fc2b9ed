import type { GuardrailKind } from '../guardrail-kind.js';
import { businessProxy } from './business-proxy.js';
import { decisionRate } from './decision-rate.js';
import { errorRate } from './error-rate.js';
import { errorRatio } from './error-ratio.js';
import { latencyQuantile } from './latency-quantile.js';
import { latencyRatio } from './latency-ratio.js';
import { predictionDrift } from './prediction-drift.js';

/**
 * Every kind of guardrail. A new kind is one file and one line here: policies, config, the OpenAPI document and
 * the reference docs follow from this list.
 */
export const guardrailKinds: readonly GuardrailKind[] = [
  errorRate,
  latencyQuantile,
  predictionDrift,
  businessProxy,
  errorRatio,
  latencyRatio,
  decisionRate,
];

const byKind = new Map(guardrailKinds.map((definition) => [definition.kind, definition]));

/** The definition of a kind that a parsed policy names. */
export function guardrailKind(kind: string): GuardrailKind {
  const definition = byKind.get(kind);
  if (definition === undefined) throw new RangeError(`guardrail kind "${kind}" is not registered`);
  return definition;
}
