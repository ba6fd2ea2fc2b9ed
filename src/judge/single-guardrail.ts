import type { GuardrailVerdict, Reason, Verdict } from '../domain/verdict.js';
import { combine, promoteBlocker, reasonOf, type Combination, type Surroundings } from './combine.js';
import type { JudgedGuardrail } from './judge-guardrail.js';
import { measuredNumber, measurementSentence } from './measurement.js';

/**
 * The answer for one guardrail asked alone. Its own rollback stays its own; its promote is kept back by what
 * concerns all guardrails, and with `promoteWith: all` until the combined verdict promotes. A guardrail that is not
 * measured holds when asked alone; with `all` it goes along with the combined promote, so that it does not keep a
 * rollout waiting, but it never takes over another guardrail's rollback, since its name would be blamed.
 *
 * @param judged the guardrail, with `all` every guardrail of the policy
 */
export function answerSingle(
  name: string,
  judged: readonly JudgedGuardrail[],
  surroundings: Surroundings,
  promoteWith: 'self' | 'all',
): Combination {
  const own = judged.find((one) => one.verdict.name === name);
  if (own === undefined) throw new RangeError(`guardrail "${name}" was not judged`);
  const { verdict } = own;
  const combined = promoteWith === 'all' ? combine(judged, surroundings) : undefined;
  const keptBack = keepBack(own, combined, surroundings);
  const follows = own.notMeasured && combined?.verdict === 'promote';
  const final: Verdict = keptBack !== undefined ? 'hold' : follows ? 'promote' : verdict.verdict;
  const sentence =
    keptBack === undefined ? `${name}: ${own.headline}` : `${name}: ${own.headline}; ${keptBack.text}`;
  // In the answer for one guardrail its verdict is the answer's; its own finding stays in the reasons.
  const answered: GuardrailVerdict = {
    ...verdict,
    verdict: final,
    ...(keptBack === undefined
      ? {}
      : { reasonCode: keptBack.code, reason: `${keptBack.text} ${verdict.reason}` }),
  };
  return {
    verdict: final,
    literalVerdict: verdict.literalVerdict,
    measurement: [measuredNumber(verdict.estimate), final, measurementSentence(sentence)],
    reasons: [...(keptBack === undefined ? [] : [keptBack]), reasonOf(verdict)],
    guardrails: [answered],
    decidedWithout: combined?.decidedWithout ?? [],
  };
}

/** Why a promote of this guardrail has to wait; undefined where it does not promote or nothing keeps it back. */
function keepBack(
  own: JudgedGuardrail,
  combined: Combination | undefined,
  surroundings: Surroundings,
): Reason | undefined {
  if (own.verdict.verdict !== 'promote') return undefined;
  const blocker = promoteBlocker(surroundings);
  if (blocker !== undefined) return blocker;
  if (combined === undefined || combined.verdict === 'promote') return undefined;
  const waiting = combined.guardrails
    .filter((one) => one.verdict !== 'promote' && one.reasonCode !== 'not-measured')
    .map((one) => one.name);
  return {
    code: 'waiting-for-others',
    guardrail: own.verdict.name,
    text: `Ready, waiting for ${waiting.join(', ')}.`,
  };
}
