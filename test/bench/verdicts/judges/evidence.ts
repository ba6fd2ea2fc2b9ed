import type { Policy } from '../../../../src/domain/policy.js';
import { judge as productionJudge } from '../../../../src/judge/index.js';
import type { StreamJudge } from './stream-judge.js';

/** The production judge under the policy in force. */
export const evidence: StreamJudge = {
  name: 'evidence',
  title: 'ml-verdict',
  begin: () => (view) => view.document.verdict,
};

/** What a judge of another copy of the code has to be. */
export type JudgeFunction = typeof productionJudge;

/**
 * The production judge, or that of another copy of the code, with its policy changed.
 *
 * @param change what becomes of the policy in force
 */
export function variant(
  name: string,
  change: (policy: Policy) => Policy,
  judge: JudgeFunction = productionJudge,
): StreamJudge {
  const changed = new Map<Policy, Policy>();
  const changeOnce = (policy: Policy): Policy => {
    const known = changed.get(policy) ?? change(policy);
    changed.set(policy, known);
    return known;
  };
  return {
    name,
    title: name,
    begin: () => (view) => judge(changeOnce(view.policy), view.observations).verdict,
  };
}

/** The production judge at the confidence that all steps of a rollout but the last may ask for. */
export const lowerConfidence: StreamJudge = {
  ...variant('evidence-080', (policy) => ({ ...policy, confidence: 0.8 })),
  title: 'ml-verdict, confidence 0.8',
};
