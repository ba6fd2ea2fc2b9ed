import type { GuardrailSettings, Policy } from '../../domain/policy.js';
import { lookMs } from './look-times.js';
import type { VerdictRequest } from './verdict-request.js';

/**
 * The policy as a stage applies it: its confidence, what an undecided business proxy does there, and the stabilisation as
 * warm-up, which is counted and shown but not judged (only a gross failure is).
 */
export function judgedPolicy(
  policy: Policy,
  request: Pick<VerdictRequest, 'confidence' | 'proxyIfUndecided' | 'leftOutSeconds'>,
): Policy {
  const { confidence, proxyIfUndecided, leftOutSeconds } = request;
  const guardrails = policy.guardrails.map((guardrail): GuardrailSettings =>
    proxyIfUndecided !== null && guardrail.kind === 'business-proxy'
      ? { ...guardrail, ifUndecided: proxyIfUndecided }
      : guardrail,
  );
  return {
    ...policy,
    confidence: confidence ?? policy.confidence,
    warmUpSeconds: warmUp(policy.warmUpSeconds, leftOutSeconds),
    warmUpAfterWeightSeconds: warmUp(policy.warmUpAfterWeightSeconds, leftOutSeconds),
    guardrails,
  };
}

/** A stage begins inside a look, so one more than the stabilisation fills is left out. */
function warmUp(ownSeconds: number, leftOutSeconds: number | null): number {
  if (leftOutSeconds === null) return 0;
  return leftOutSeconds === 0 ? ownSeconds : Math.max(ownSeconds, leftOutSeconds + lookMs / 1000);
}
