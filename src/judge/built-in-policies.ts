import { invalidInput } from '../domain/errors.js';
import type { Policy } from '../domain/policy.js';
import { parsePolicy } from './policy.js';

const errorRate = { name: 'error-rate', kind: 'error-rate', promoteBelow: '0.5%', rollbackAbove: '1%' };
const latency = {
  name: 'latency-p99',
  kind: 'latency-quantile',
  quantile: 0.99,
  promoteBelow: '200ms',
  rollbackAbove: '500ms',
};
const drift = {
  name: 'prediction-drift',
  kind: 'prediction-drift',
  promoteBelow: 0.1,
  rollbackAbove: 0.2,
  bins: 10,
};
const proxy = { name: 'business-proxy', kind: 'business-proxy', promoteAbove: '-1%', rollbackBelow: '-3%' };

/** The policies that exist without any config, as they would be written in a file. */
const definitions: Readonly<Record<string, unknown>> = {
  default: { mode: 'evidence', guardrails: [errorRate, latency, drift, proxy] },
  progressive: {
    mode: 'evidence',
    guardrails: [errorRate, latency, drift, { ...proxy, rollbackBelow: '-2%' }],
  },
  // The loop that many teams start from: the last five minutes, roll back on a breach, go on otherwise.
  'plain-loop': {
    mode: 'threshold',
    window: '5m',
    guardrails: [
      { ...errorRate, promoteBelow: '1%', ifUndecided: 'pass' },
      { ...latency, promoteBelow: '500ms', ifUndecided: 'pass' },
      { ...proxy, promoteAbove: '-2%', rollbackBelow: '-2%', ifUndecided: 'pass' },
    ],
  },
};

/** Built-in policies by name: `default`, `progressive` and `plain-loop`. */
export const builtInPolicies: ReadonlyMap<string, Policy> = new Map(
  Object.entries(definitions).map(([name, definition]) => {
    const parsed = parsePolicy(definition, name);
    if (!parsed.ok) throw invalidInput(parsed.errors);
    return [name, parsed.value];
  }),
);

/** The decision table in evidence mode. */
export function defaultPolicy(): Policy {
  const policy = builtInPolicies.get('default');
  if (policy === undefined) throw new RangeError('the default policy is built in');
  return policy;
}
