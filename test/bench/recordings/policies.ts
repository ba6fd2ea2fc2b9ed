import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../../src/config/index.js';
import type { Policy } from '../../../src/domain/policy.js';
import { defaultPolicy, overridePolicy } from '../../../src/judge/index.js';
import { valueOf } from '../../support/value-of.js';

/** The policies that the recordings are judged with: those of the demo, and the default one. */
export interface BenchPolicies {
  /** The decision table with two proxies that pass while undecided. */
  readonly flights: Policy;
  /** The same, its drift on hold: for the candidate that is meant to score differently. */
  readonly newScores: Policy;
  /** The default four; its proxy reads the outcome that every request has, and holds while undecided. */
  readonly defaultFour: Policy;
}

export function benchPolicies(): BenchPolicies {
  const file = fileURLToPath(new URL('../../../src/cli/demo/config.yaml', import.meta.url));
  const { policies } = valueOf(loadConfig({ file }));
  const named = (name: string): Policy => {
    const policy = policies.get(name);
    if (policy === undefined) throw new RangeError(`the demo has no policy ${name}`);
    return policy;
  };
  return {
    flights: named('flights'),
    newScores: named('flights-new-scores'),
    defaultFour: valueOf(
      overridePolicy(defaultPolicy(), { guardrails: { 'business-proxy': { outcome: 'caught' } } }),
    ),
  };
}
