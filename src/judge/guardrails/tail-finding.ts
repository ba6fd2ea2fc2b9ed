import { formatInstant, formatOdds } from '../../domain/units.js';
import type { ReasonCode, Verdict } from '../../domain/verdict.js';
import type { JudgeContext, Remaining } from '../guardrail-kind.js';
import type { Timeline } from '../timeline.js';
import { remainingToPromote, remainingToRollback } from './tail-remaining.js';
import type { TailSeries } from './tail-series.js';
import { needsMorePromoteLooks, type TailResult } from './tail-test.js';

/** What both tail guardrails say of their result in the same way: verdict, reason code, what is still needed. */
export interface TailDecision {
  readonly verdict: Verdict;
  readonly reasonCode: ReasonCode;
  readonly remaining: Remaining | null;
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
  const notes = [leftOutNote(result), provenNote(result, context)].filter((text) => text !== undefined);
  const note = {
    promoteHeldBack: result.veto || result.incident.looksToWait > 0 || needsMorePromoteLooks(result),
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
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
): { readonly reasonCode: ReasonCode; readonly remaining: Remaining | null } {
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
  if (direction === 'between' || !result.promoteGate)
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
): Remaining | null {
  if (direction === 'between') return null;
  return direction === 'rollback'
    ? remainingToRollback(timeline, series, result, context)
    : remainingToPromote(timeline, series, result, context);
}

/** Why evidence that is strong enough does not roll back yet; undefined where it does, or is not. */
function provenNote(result: TailResult, context: JudgeContext): string | undefined {
  if (result.rollback || result.rollbackEvidence === null) return undefined;
  if (result.rollbackEvidence < context.rollbackNeeded) return undefined;
  if (!result.rollbackGate) return 'the figure has to lie further beyond the limit for so few requests';
  return result.blamed ? 'a single look carries this evidence, a second one has to confirm it' : undefined;
}

function leftOutNote(result: TailResult): string | undefined {
  const count = result.incident.leftOut.filter((left) => left).length;
  if (count === 0) return undefined;
  return `${count} of ${result.usable.length} looks left out because the stable version breached in them too`;
}

/** The numbers behind a tail guardrail's verdict, for the document's details. */
export function tailDetails(timeline: Timeline, result: TailResult): Record<string, unknown> {
  const positions = (marks: readonly boolean[]) => marks.flatMap((mark, index) => (mark ? [index + 1] : []));
  const warmUp = timeline.looks.filter((look) => look.warmUp);
  const leftOut = positions(result.incident.leftOut);
  return {
    window: {
      start: formatInstant(timeline.looks[result.window.start - 1]?.startMs ?? 0),
      look: result.window.start,
      samples: result.window.canary.trials,
      events: result.window.canary.beyondRollback,
      estimate:
        result.window.canary.trials > 0
          ? result.window.canary.beyondRollback / result.window.canary.trials
          : null,
      logLikelihoodRatio: result.window.logRatio,
    },
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
    ...(warmUp.length === 0 ? {} : { warmUp: { looks: warmUp.length } }),
  };
}
