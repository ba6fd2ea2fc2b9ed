import type { GuardrailSettings, Policy } from '../domain/policy.js';
import type { Guarantee } from '../domain/verdict.js';
import { guardrailKind } from './guardrails/index.js';

/** The gross-failure test has a tenth of one guardrail's share of its own. */
const grossShare = 0.1;

const assumptions: readonly string[] = [
  'every request is routed at random, independently of the others (no sticky users)',
  'truly good (bad) means at or below the promote (at or above the rollback) threshold in every judged look',
  'faults that begin later or at a higher weight are covered by the stage rule and a heuristic veto',
  "bursts of errors are tempered by how much the stable version's vary, which is heuristic",
];

/**
 * What may be claimed of a verdict under this policy: the rate of false rollbacks over all guardrails, looks and
 * stages; the rate of false promotions per guardrail where none may pass undecided; and what both assume.
 *
 * @param asked the one guardrail that was asked for, if any
 */
export function guaranteeOf(policy: Policy, asked: string | undefined): Guarantee | 'none' {
  if (policy.mode === 'threshold') return 'none';
  const count = policy.guardrails.length;
  const gross = policy.guardrails.filter((settings) => settings.kind === 'error-rate').length;
  const falseRollback = policy.falseRollback * (1 + (grossShare * gross) / count);
  const concerned = policy.guardrails.filter((settings) => asked === undefined || settings.name === asked);
  const strict = concerned.every(
    (settings) => settings.ifUndecided === 'hold' && settings.onBreach === 'rollback',
  );
  return {
    falseRollback:
      falseRollback >= 0.02 ? Number(falseRollback.toFixed(3)) : Number(falseRollback.toPrecision(3)),
    ...(strict ? { falsePromotion: Number((1 - policy.confidence).toPrecision(6)) } : {}),
    assumes: [...assumptions, ...concerned.map(kindOfGuarantee)],
  };
}

function kindOfGuarantee(settings: GuardrailSettings): string {
  return guardrailKind(settings.kind).guarantee === 'exact'
    ? `${settings.name}: exact for independent requests`
    : `${settings.name}: asymptotic, error rates as simulated`;
}
