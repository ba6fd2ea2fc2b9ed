import type { Observations } from '../../domain/observations.js';
import type { Policy } from '../../domain/policy.js';
import { judgedObservations, judgedPolicy, withoutStabilisation } from '../../progressive/index.js';
import type { StageArgument } from '../schemas/verdict-arguments.js';

/** The policy as a stage applies it. Without a stage it is itself. */
export function policyAtStage(policy: Policy, stage: StageArgument | undefined): Policy {
  if (stage === undefined) return policy;
  const { stabilisation = 0, proxyIfUndecided = null } = stage;
  return judgedPolicy(policy, { confidence: null, proxyIfUndecided, leftOutSeconds: stabilisation });
}

/**
 * The observations with the shares that the canary had, and, for a policy in threshold mode, without the looks of
 * stabilisation. Without any shares they are themselves.
 */
export function observationsAtStage(
  observations: Observations,
  { mode }: Pick<Policy, 'mode'>,
  stage: StageArgument | undefined,
): Observations {
  const weights = (stage?.weights ?? []).map(({ percent, from }) => ({ percent, fromMs: from }));
  if (weights.length === 0) return observations;
  const weighted = judgedObservations(observations, {
    fromMs: -Infinity,
    toMs: observations.asOfMs ?? observations.looks.at(-1)?.endMs ?? 0,
    weights,
  });
  return mode === 'threshold' ? withoutStabilisation(weighted, weights, stage?.stabilisation ?? 0) : weighted;
}
