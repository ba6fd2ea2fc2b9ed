import { formatInstant, formatOdds } from '../../domain/units.js';
import type { ReasonCode, Verdict } from '../../domain/verdict.js';
import type { Finding, JudgeContext } from '../guardrail-kind.js';
import type { Timeline } from '../timeline.js';
import { remainingToPromote, remainingToRollback } from './tail-remaining.js';
import type { TailSeries } from './tail-series.js';
import { needsMorePromoteLooks, promoteGateOpen, type TailResult } from './tail-test.js';

/** What both tail guardrails say of their result in the same way: verdict, reason code, what is still needed. */
export interface TailDecision {
  readonly verdict: Verdict;
  readonly reasonCode: ReasonCode;
  readonly remaining: Finding['remaining'];
  readonly heldBy?: string;
  /** Whether a rule beside the evidence keeps every promote back: shared incident, new stage, late onset. */
  readonly promoteHeldBack: boolean;
  readonly note?: string;
}

/** Which way the estimate points. */
export type Direction = 'promote' | 'rollback' | 'between';

/**
 * The verdict and the one reason code that helps most: what decided, else the first condition that is missing on
 * the way the estimate points.
 */
export function decideTail(
  timeline: Timeline,
  series: TailSeries,
  result: TailResult,
  direction: Direction,
  context: JudgeContext,
): TailDecision {
  const leftOut = leftOutNote(result);
  const heldBy = heldByRule(result, context);
  const note = {
    promoteHeldBack: result.veto || result.incident.looksToWait > 0 || needsMorePromoteLooks(result),
    ...(leftOut === undefined ? {} : { note: leftOut }),
    ...(heldBy === undefined ? {} : { heldBy }),
  };
  if (result.rollback) {
    const lifted = result.incident.firstAid.some((episode) => result.window.start <= episode.last);
    return {
      verdict: 'rollback',
      reasonCode: lifted ? 'incident-since-weight-change' : 'rollback',
      remaining: { samples: 0, seconds: 0 },
      ...note,
    };
  }
  if (result.promote) {
    return { verdict: 'promote', reasonCode: 'promote', remaining: { samples: 0, seconds: 0 }, ...note };
  }
  if (result.total.trials === 0) {
    return {
      verdict: 'hold',
      reasonCode: result.pastWarmUp ? 'stable-breaches-too' : 'warming-up',
      remaining: null,
      ...note,
    };
  }
  return { verdict: 'hold', ...holdReason(timeline, series, result, direction, context), ...note };
}

function holdReason(
  timeline: Timeline,
  series: TailSeries,
  result: TailResult,
  direction: Direction,
  context: JudgeContext,
): Pick<TailDecision, 'reasonCode' | 'remaining'> {
  const rollbackProven =
    result.rollbackEvidence !== null &&
    result.rollbackEvidence >= context.rollbackNeeded &&
    result.rollbackGate;
  if (rollbackProven && !result.blamed) return { reasonCode: 'stable-breaches-too', remaining: null };
  if (result.incident.looksToWait > 0) {
    return {
      reasonCode: result.incident.episodes.length >= 2 ? 'stable-breaches-again' : 'stable-breaches-too',
      remaining: direction === 'promote' ? remainingToPromote(timeline, series, result, context) : null,
    };
  }
  const remaining = remainingOf(timeline, series, result, direction, context);
  if (needsMorePromoteLooks(result)) return { reasonCode: 'new-stage', remaining };
  if (direction === 'rollback') return { reasonCode: 'more-evidence-needed', remaining };
  // Within the limit, if not by the margin that the policy may ask for.
  if (direction === 'between' || !promoteGateOpen(series, result.presentStage, 0))
    return { reasonCode: 'between-thresholds', remaining: null };
  const proven = result.promoteEvidence !== null && result.promoteEvidence >= context.promoteNeeded;
  return proven && result.veto
    ? { reasonCode: 'turning-bad', remaining: null }
    : { reasonCode: 'more-evidence-needed', remaining };
}

function remainingOf(
  timeline: Timeline,
  series: TailSeries,
  result: TailResult,
  direction: Direction,
  context: JudgeContext,
): Finding['remaining'] {
  if (direction === 'between') return 'never';
  return direction === 'rollback'
    ? remainingToRollback(timeline, series, result, context)
    : remainingToPromote(timeline, series, result, context);
}

/** The rule that holds although the evidence is there, or the shared incident that keeps a promote back. */
function heldByRule(result: TailResult, context: JudgeContext): string | undefined {
  const { incident, rollbackEvidence } = result;
  const proven = rollbackEvidence !== null && rollbackEvidence >= context.rollbackNeeded;
  if (proven && result.rollbackGate && !result.blamed) {
    return 'The stable version breaches the limit in the same looks, and nothing shows that the canary is worse: it holds.';
  }
  if (result.total.trials === 0 && result.pastWarmUp) {
    return 'The stable version breaches the limit as well in every judged look, so none of them speaks for or against the canary: it holds.';
  }
  if (incident.looksToWait > 0) {
    const often = incident.episodes.length >= 2 ? 'more than once' : 'as well';
    return `The stable version has breached the limit ${often}, so this may be no fault of the canary: it holds until stable has been calm for ${incident.looksToWait} more looks.`;
  }
  if (!proven) return undefined;
  return result.rollbackGate
    ? 'A single look carries this evidence: a second one has to confirm it.'
    : 'The figure has to lie further beyond the limit for so few requests.';
}

function leftOutNote(result: TailResult): string | undefined {
  const count = result.incident.leftOut.filter((left) => left).length;
  if (count === 0) return undefined;
  return `${count} of ${result.usable.length} looks left out because the stable version breached in them too`;
}

/** The numbers behind a tail guardrail's verdict, for the document's details. */
export function tailDetails(timeline: Timeline, result: TailResult): Record<string, unknown> {
  const positions = (marks: readonly boolean[]) => marks.flatMap((mark, index) => (mark ? [index + 1] : []));
  const leftOut = positions(result.incident.leftOut);
  const { window } = result;
  const first = timeline.looks[window.start - 1];
  return {
    ...(first === undefined
      ? {}
      : {
          window: {
            start: formatInstant(first.startMs),
            look: window.start,
            samples: window.canary.trials,
            events: window.canary.beyondRollback,
            estimate: window.canary.trials > 0 ? window.canary.beyondRollback / window.canary.trials : null,
            logLikelihoodRatio: window.logRatio,
          },
        }),
    dispersion: {
      baseline: result.dispersion.baseline,
      rollback: result.rollbackDispersion,
      promote: result.promoteDispersion,
    },
    ...(result.blame === null ? {} : { blame: { evidence: result.blame, odds: formatOdds(result.blame) } }),
    ...(result.evidenceWithoutWorstLook === null
      ? {}
      : { evidenceWithoutWorstLook: result.evidenceWithoutWorstLook }),
    ...(leftOut.length === 0 ? {} : { leftOutLooks: leftOut, incidents: result.incident.episodes.length }),
  };
}
