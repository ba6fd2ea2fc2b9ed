import type { Verdict, VerdictDocument } from '../../../../src/domain/verdict.js';
import { judge } from '../../../../src/judge/index.js';
import type { LookView } from './look-view.js';
import type { StreamJudge } from './stream-judge.js';

/** The production judge in threshold mode: the table to the letter on all counts so far. */
export const threshold: StreamJudge = {
  name: 'threshold',
  title: 'threshold, all looks',
  begin: () => (view) =>
    toldBeside(view)
      ? literalOf(view.document)
      : judge({ ...view.policy, mode: 'threshold' }, view.observations).verdict,
};

/** Whether the evidence document tells beside its own verdict what threshold mode would say. */
function toldBeside({ policy, observations }: LookView): boolean {
  const plain = policy.guardrails.every(
    ({ ifUndecided, onBreach, minimumDurationSeconds }) =>
      ifUndecided === 'hold' && onBreach === 'rollback' && minimumDurationSeconds === 0,
  );
  return plain && !('routing' in observations);
}

/** The literal verdict, kept back by what keeps every promote back. */
function literalOf(document: VerdictDocument): Verdict {
  const blocked = document.reasons.some((reason) => reason.guardrail === null);
  return document.literalVerdict === 'promote' && blocked ? 'hold' : document.literalVerdict;
}
