import type { GuardrailSettings } from '../domain/policy.js';
import { formatCount, formatOdds, formatSeconds } from '../domain/units.js';
import type { GuardrailVerdict } from '../domain/verdict.js';
import { isAbove, isBelow } from './comparisons.js';
import type { Finding, GuardrailKind, JudgeContext } from './guardrail-kind.js';

/**
 * The sentences of a guardrail: what was measured, against what, how sure that is, and what happens next, for
 * somebody who has just been woken.
 */
export function explainGuardrail(
  finding: Finding,
  settings: GuardrailSettings,
  kind: GuardrailKind,
  context: JudgeContext,
): string {
  const next =
    context.policy.mode === 'threshold'
      ? explainLiteral(finding, kind, context)
      : finding.unweighed !== undefined
        ? explainUnweighed(finding, kind, context)
        : explainEvidence(finding, settings, kind, context);
  const note = finding.note === undefined ? '' : ` Note: ${finding.note}.`;
  return `${finding.measured}. ${next}${note}`;
}

function explainLiteral(finding: Finding, kind: GuardrailKind, context: JudgeContext): string {
  const table = 'Threshold mode: the table to the letter, without any word on chance';
  switch (finding.reasonCode) {
    case 'undecided-pass':
      return `${table}. Between the limits; the policy lets that pass.`;
    case 'between-thresholds':
      return `${table}. Between the limits: hold.`;
    case 'promote':
    case 'rollback':
      return `${table}: ${finding.headline}.`;
    case 'on-breach-hold':
    case 'minimum-duration':
      return `${table}: ${finding.headline}. ${breachOnHold(finding)}`;
    default:
      return explainState(finding, kind, context) ?? `${table}.`;
  }
}

function explainEvidence(
  finding: Finding,
  settings: GuardrailSettings,
  kind: GuardrailKind,
  context: JudgeContext,
): string {
  const odds = (direction: 'rollback' | 'promote') =>
    oddsAgainst(direction, finding, settings, kind, context);
  const pointed = finding.beyondRollback ? 'rollback' : 'promote';
  switch (finding.reasonCode) {
    case 'rollback':
      return `${odds('rollback')}. Roll back.`;
    case 'between-thresholds':
      return `${explainState(finding, kind, context) ?? ''}${worstCaseStatus(finding, settings, context)}`;
    case 'incident-since-weight-change':
      return `${odds('rollback')}. The stable version breaches too, but only since the canary got its traffic: the newest change is undone.`;
    case 'on-breach-hold':
    case 'minimum-duration':
      return `${odds('rollback')}. ${breachOnHold(finding)}`;
    case 'promote':
      return `${odds('promote')}. Good enough to go on.`;
    case 'more-evidence-needed':
      return `${odds(pointed)}. ${finding.heldBy ?? stillNeeded(finding, kind)}${worstCaseStatus(finding, settings, context)}`;
    case 'undecided-pass':
      return `Not decided. ${odds(pointed)}. ${passedWith(finding, settings)} ${stillNeeded(finding, kind)}`;
    case 'new-stage':
      return finding.beyondRollback && finding.heldBy !== undefined
        ? `${odds('rollback')}. ${finding.heldBy}`
        : (explainState(finding, kind, context) ?? '');
    case 'buckets-too-coarse':
      return `The histogram has no bound where a limit needs one, so one of the verdicts cannot be reached. ${stillNeeded(finding, kind)}`;
    default:
      return explainState(finding, kind, context) ?? stillNeeded(finding, kind);
  }
}

/** In evidence mode, where there is none to weigh: what the figures alone say, and no odds. */
function explainUnweighed(finding: Finding, kind: GuardrailKind, context: JudgeContext): string {
  const grounds = finding.unweighed?.grounds === undefined ? '' : `${finding.unweighed.grounds}. `;
  switch (finding.reasonCode) {
    case 'promote':
      return `${grounds}Good enough to go on, without a guarantee.`;
    case 'rollback':
      return `${grounds}Roll back.`;
    case 'incident-since-weight-change':
      return `${grounds}The stable version breaches too, but only since the canary got its traffic: the newest change is undone.`;
    case 'on-breach-hold':
    case 'minimum-duration':
      return `${grounds}${breachOnHold(finding)}`;
    case 'undecided-pass':
      return 'Not decided. The policy lets an undecided guardrail pass.';
    case 'more-evidence-needed':
      return [finding.heldBy, stillNeeded(finding, kind)].filter((part) => part !== undefined).join(' ');
    default:
      return explainState(finding, kind, context) ?? '';
  }
}

/** Why an undecided guardrail may pass: the policy says so, or something much worse is excluded. */
function passedWith({ worstCase }: Finding, { ifUndecided }: GuardrailSettings): string {
  return ifUndecided === 'bounded' && worstCase !== undefined
    ? `${worstCase.against} is excluded (odds of ${formatOdds(worstCase.evidence)}), and the policy lets that pass.`
    : 'The policy lets an undecided guardrail pass.';
}

/** How far `ifUndecided: bounded` is from letting an undecided guardrail pass; empty where it is not asked for. */
function worstCaseStatus(
  { worstCase }: Finding,
  { ifUndecided }: GuardrailSettings,
  context: JudgeContext,
): string {
  if (ifUndecided !== 'bounded' || worstCase === undefined || context.policy.mode === 'threshold') return '';
  const { evidence, against, remaining } = worstCase;
  const wait =
    typeof remaining === 'object' && remaining !== null && remaining.seconds > 0
      ? `, about ${formatSeconds(remaining.seconds)} more`
      : '';
  const needed = `odds of ${formatOdds(context.promoteNeeded)} are needed${wait}`;
  const so =
    evidence <= 0 ? 'nothing speaks against it yet' : `the odds against it are ${formatOdds(evidence)}`;
  return ` It passes once ${against.charAt(0).toLowerCase()}${against.slice(1)} is excluded: ${so}, ${needed}.`;
}

function breachOnHold(finding: Finding): string {
  if (finding.reasonCode === 'on-breach-hold')
    return finding.breachHeldBy ?? 'The policy says hold on a breach: a person decides.';
  const { remaining } = finding;
  const wait =
    typeof remaining === 'object' && remaining !== null ? formatSeconds(remaining.seconds) : 'a while';
  return `The policy waits for a minimum duration before this guardrail may roll back: about ${wait} more.`;
}

/** Sentences for the states that need no odds; those of a shared incident come with the finding. */
function explainState(finding: Finding, kind: GuardrailKind, context: JudgeContext): string | undefined {
  switch (finding.reasonCode) {
    case 'between-thresholds':
      return 'Between the two limits: neither good enough to promote nor bad enough to roll back. It holds until that changes or a person decides.';
    case 'warming-up':
      return finding.heldBy ?? 'The canary is warming up: these looks are counted and shown, not judged.';
    case 'new-stage':
      return 'There are fewer than two judged looks at the present weight; a promote needs two.';
    case 'not-measured':
      return kind.basis === 'comparison' && context.routing === 'selected'
        ? 'The combined verdict is made without it.'
        : 'The combined verdict is made without it; send that data to have it judged.';
    case 'canary-silent':
      return finding.heldBy ?? 'That is a difference in itself: check whether the canary reports it.';
    case 'no-data':
      return 'It holds until there is something to judge.';
    case 'no-baseline':
      return finding.heldBy ?? 'Without a baseline there is nothing to compare: it holds.';
    case 'no-variance':
      return 'The outcomes do not vary, so nothing can be said about chance: it holds.';
    case 'stable-breaches-too':
    case 'stable-breaches-again':
      return finding.heldBy ?? 'The stable version breaches the limit as well: it holds.';
    case 'partial-data':
      return finding.heldBy;
    case 'turning-bad':
      return 'Good over the whole stage, but the latest looks point the other way: it holds until that is settled.';
    default:
      return undefined;
  }
}

function oddsAgainst(
  direction: 'rollback' | 'promote',
  finding: Finding,
  settings: GuardrailSettings,
  kind: GuardrailKind,
  context: JudgeContext,
): string {
  const evidence = direction === 'rollback' ? finding.rollbackEvidence : finding.promoteEvidence;
  const needed = direction === 'rollback' ? context.rollbackNeeded : context.promoteNeeded;
  const against =
    direction === 'rollback' && finding.rollbackNull !== undefined
      ? finding.rollbackNull
      : kind.describeNull(settings, direction);
  return evidence === null || evidence <= 0
    ? `Nothing speaks against ${against} yet; odds of ${formatOdds(needed)} are needed`
    : `The odds against ${against} are ${formatOdds(evidence)}; ${formatOdds(needed)} are needed`;
}

function stillNeeded(finding: Finding, kind: GuardrailKind): string {
  const { remaining } = finding;
  if (remaining === 'never') return 'At the present figures no amount of traffic within a week decides it.';
  if (remaining === null) return 'How long that takes cannot be told yet.';
  return `About ${formatCount(remaining.samples)} more canary ${kind.sampleName} are needed, about ${formatSeconds(remaining.seconds)} at the present traffic.`;
}

/** What follows the headline in the measurement's one sentence: how sure, and how long it takes; empty for no more. */
export function shortStatus(finding: Finding, context: JudgeContext): string {
  const needed = { rollback: context.rollbackNeeded, promote: context.promoteNeeded };
  const evidence = { rollback: finding.rollbackEvidence, promote: finding.promoteEvidence };
  const odds = (direction: 'rollback' | 'promote') =>
    `evidence ${formatOdds(evidence[direction] ?? 0)} of ${formatOdds(needed[direction])} needed`;
  const unweighed =
    context.policy.mode === 'threshold'
      ? 'threshold mode'
      : finding.unweighed === undefined
        ? undefined
        : 'without a guarantee';
  const proven = unweighed ?? 'proven';
  switch (finding.reasonCode) {
    case 'rollback':
    case 'promote':
      return unweighed ?? odds(finding.reasonCode);
    case 'more-evidence-needed':
      if (finding.unweighed !== undefined) return `not settled yet${waitOf(finding)}`;
      if (finding.heldBy !== undefined) return 'proven, but not yet firm enough';
      return `${odds(finding.beyondRollback ? 'rollback' : 'promote')}${waitOf(finding)}`;
    case 'undecided-pass':
      return 'undecided, passed by policy';
    case 'between-thresholds':
      return 'hold';
    case 'warming-up':
      return 'warming up';
    case 'buckets-too-coarse':
      return 'the histogram is too coarse';
    case 'new-stage':
      return finding.beyondRollback && finding.heldBy !== undefined
        ? 'proven, but not yet firm enough'
        : `new stage${waitOf(finding)}`;
    case 'stable-breaches-too':
      return 'the stable version breaches too';
    case 'stable-breaches-again':
      return 'the stable version breaches again and again';
    case 'incident-since-weight-change':
      return 'both breach since the canary got its traffic';
    case 'turning-bad':
      return 'the latest looks are turning bad';
    case 'partial-data':
      return 'but outcomes are counted when they arrive';
    case 'canary-silent':
      return finding.heldBy === undefined ? '' : 'but the canary has fallen silent';
    case 'no-baseline':
      return finding.heldBy === undefined ? '' : 'but the stable version has fallen silent';
    case 'on-breach-hold':
      return finding.breachHeldBy === undefined
        ? `${proven}, on hold by policy`
        : `${proven}, on hold since users are sticky`;
    case 'minimum-duration':
      return `${proven}, before its minimum duration${waitOf(finding)}`;
    default:
      return '';
  }
}

function waitOf({ remaining }: Finding): string {
  return typeof remaining === 'object' && remaining !== null
    ? `, about ${formatSeconds(remaining.seconds)} more`
    : '';
}

/** Which verdict an undecided guardrail's estimate points to. */
export function pointsTo(verdict: GuardrailVerdict): 'rollback' | 'promote' {
  const { rollbackAbove, rollbackBelow } = verdict;
  if (verdict.estimate === null) return 'promote';
  const estimate = verdict.twoSided === true ? Math.abs(verdict.estimate) : verdict.estimate;
  const beyond =
    (rollbackAbove !== undefined && isAbove(estimate, rollbackAbove)) ||
    (rollbackBelow !== undefined && isBelow(estimate, rollbackBelow));
  return beyond ? 'rollback' : 'promote';
}
