import { VerdictError } from '../domain/errors.js';
import { suggestName } from '../domain/nearest-name.js';
import type { Observations, Routing } from '../domain/observations.js';
import type { Policy } from '../domain/policy.js';
import { formatInstant } from '../domain/units.js';
import { verdictCodes, type SampleRatio, type VerdictDocument } from '../domain/verdict.js';
import { combine, type Combination } from './combine.js';
import { documentId, policyHash } from './document-id.js';
import { guaranteeOf, type WithoutGuarantee } from './guarantee.js';
import type { JudgeContext } from './guardrail-kind.js';
import { judgeGuardrail, type JudgedGuardrail } from './judge-guardrail.js';
import type { Question } from './question.js';
import { sampleRatio } from './sample-ratio.js';
import { answerSingle } from './single-guardrail.js';
import { buildTimeline, type Timeline } from './timeline.js';

/**
 * The judge: from a policy and what was observed to a verdict document. Pure: no clock, no I/O, no randomness; the
 * same inputs give the same document, byte for byte. Asking again at every look is free: the evidence is that of
 * e-processes, which stay valid however often they are read.
 *
 * @throws VerdictError `not-found` when the question names a guardrail that the policy does not have
 */
export function judge(policy: Policy, observations: Observations, question: Question = {}): VerdictDocument {
  const timeline = buildTimeline(policy, observations);
  const judgedLooks =
    policy.windowSeconds === undefined ? timeline : buildTimeline(policy, inWindow(policy, observations));
  const context = contextOf(policy, observations, question);
  const names = policy.guardrails.map((settings) => settings.name);
  if (question.guardrail !== undefined && !names.includes(question.guardrail)) {
    throw new VerdictError(
      'not-found',
      `the policy "${policy.name}" has no guardrail "${question.guardrail}"; ${suggestName(question.guardrail, names)}`,
    );
  }
  const alone = question.guardrail !== undefined && question.promoteWith !== 'all';
  const judged = policy.guardrails
    .filter((settings) => !alone || settings.name === question.guardrail)
    .map((settings) => judgeGuardrail(timeline, judgedLooks, settings, context));
  const surroundings = {
    sampleRatio: ratioUnder(context.routing, sampleRatio(judgedLooks, question.weight)),
    stale: isStale(timeline, policy),
    hasStableVersion: timeline.hasStableVersion,
    stableVersion: observations.stable?.version,
  };
  const answer: Combination =
    question.guardrail === undefined
      ? combine(judged, surroundings)
      : answerSingle(question.guardrail, judged, surroundings, question.promoteWith ?? 'self');
  return {
    id: documentId(policy, observations, question),
    verdict: answer.verdict,
    code: verdictCodes[answer.verdict],
    literalVerdict: answer.literalVerdict,
    measurement: answer.measurement,
    model: observations.model,
    canary: observations.canary.version,
    stable: observations.stable?.version ?? null,
    policy: policy.name,
    policyHash: policyHash(policy),
    mode: policy.mode,
    ...(question.guardrail === undefined ? {} : { guardrail: question.guardrail }),
    asOf: timeline.asOfMs === null ? null : formatInstant(timeline.asOfMs),
    looks: judgedLooks.looks.length,
    stage: judgedLooks.presentStage + 1,
    restarts: observations.restarts ?? 0,
    reasons: answer.reasons,
    guardrails: answer.guardrails,
    decidedWithout: answer.decidedWithout,
    sampleRatio: surroundings.sampleRatio,
    guarantee: guaranteeOf(policy, context.routing, question.guardrail, withoutGuarantee(judged)),
  };
}

/** ln(G / falseRollback) and ln(1 / (1 - confidence)); G counts the policy's guardrails, also of one asked alone. */
function contextOf(policy: Policy, observations: Observations, question: Question): JudgeContext {
  const expectedShare = question.weight ?? observations.canary.weight;
  return {
    policy,
    rollbackNeeded: Math.log(policy.guardrails.length / policy.falseRollback),
    promoteNeeded: Math.log(1 / (1 - policy.confidence)),
    routing: observations.routing ?? 'random',
    outcomesByArrival: observations.outcomesByArrival ?? [],
    ...(expectedShare === undefined ? {} : { expectedShare }),
  };
}

function withoutGuarantee(judged: readonly JudgedGuardrail[]): ReadonlyMap<string, WithoutGuarantee> {
  return new Map(
    judged.flatMap(({ verdict, withoutGuarantee: without }) =>
      without === undefined ? [] : [[verdict.name, without] as const],
    ),
  );
}

/** Threshold mode may look at a last stretch only; evidence is always that of all looks. */
function inWindow(policy: Policy, observations: Observations): Observations {
  const asOfMs = observations.asOfMs ?? observations.looks.at(-1)?.endMs;
  if (policy.windowSeconds === undefined || policy.mode !== 'threshold' || asOfMs === undefined)
    return observations;
  const startMs = asOfMs - policy.windowSeconds * 1000;
  return { ...observations, looks: observations.looks.filter((look) => look.startMs >= startMs) };
}

/** Chosen requests are not split by weight, so nothing can be off; of sticky users a few make a share, by chance. */
function ratioUnder(routing: Routing, ratio: SampleRatio | null): SampleRatio | null {
  if (routing === 'random' || ratio === null) return ratio;
  return routing === 'selected' ? null : { ...ratio, alarm: false };
}

function isStale(timeline: Timeline, policy: Policy): boolean {
  const last = timeline.looks.filter((look) => look.canaryTraffic).at(-1);
  if (last === undefined || timeline.asOfMs === null) return false;
  return timeline.asOfMs - last.endMs > policy.staleAfterSeconds * 1000;
}
