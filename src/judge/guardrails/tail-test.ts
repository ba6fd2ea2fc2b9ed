import { binomialEvidence } from '../../statistics/binomial-evidence.js';
import { blameEvidence } from '../../statistics/blame-evidence.js';
import {
  bestWindow,
  changePoint,
  changePointEvidence,
  type ChangePoint,
  type MixtureSettings,
} from '../../statistics/change-point-mixture.js';
import { baselineDispersion, dispersionAtSize, type Dispersion } from '../../statistics/dispersion.js';
import type { Policy } from '../../domain/policy.js';
import type { Verdict } from '../../domain/verdict.js';
import { isAbove, isBelow } from '../comparisons.js';
import type { JudgeContext } from '../guardrail-kind.js';
import {
  breachLimit,
  findSharedIncident,
  withoutConsequences,
  type SharedIncident,
} from '../shared-incident.js';
import type { Timeline } from '../timeline.js';
import {
  noTail,
  promoteCounts,
  rollbackCounts,
  sumTails,
  type ArmTail,
  type TailSeries,
} from './tail-series.js';
import { minimumPromoteLooks, positive, vetoLimit } from './tail-rules.js';

/** Evidence that the blame test must reach: 20 to 1, whatever alpha is. */
const blameNeeded = Math.log(20);

/** Evidence that a gross failure needs beyond a rollback's: it spends a tenth of the guardrail's share. */
const grossSurcharge = Math.log(10);

/** The window in which a rise looks strongest, with its own counts. */
export interface TailWindow {
  readonly start: number;
  readonly alternative: number;
  readonly logRatio: number;
  readonly canary: ArmTail;
  readonly stable: ArmTail;
}

/** Everything that the tail test found; the guardrails turn it into figures and sentences. */
export interface TailResult {
  readonly incident: SharedIncident;
  /** Per look: neither warm-up nor left out. */
  readonly usable: readonly boolean[];
  /** Whether the canary has counts outside warm-up looks, left out or not. */
  readonly pastWarmUp: boolean;
  readonly total: ArmTail;
  readonly totalStable: ArmTail;
  readonly presentStage: ArmTail;
  readonly presentStageStable: ArmTail;
  readonly presentStageLooks: number;
  readonly dispersion: Dispersion;
  readonly rollbackDispersion: number;
  readonly promoteDispersion: number;
  readonly rollbackEvidence: number | null;
  readonly promoteEvidence: number | null;
  readonly window: TailWindow;
  readonly rollbackGate: boolean;
  readonly promoteGate: boolean;
  /** Rollback evidence with the worst look of the window set to zero; null where it is not asked for. */
  readonly evidenceWithoutWorstLook: number | null;
  /** Blame evidence on the window, always told; null without stable counts there. */
  readonly blame: number | null;
  /** Whether the shared-incident rule lets a rollback through: it asks for blame only where stable breaches too. */
  readonly blamed: boolean;
  readonly veto: boolean;
  /** Evidence of the gross-failure test less its surcharge, so that it compares with any rollback's; null without one. */
  readonly grossEvidence: number | null;
  /** Whether the gross-failure test rolls back and the ordinary one does not. */
  readonly grossDecides: boolean;
  readonly rollback: boolean;
  readonly promote: boolean;
  readonly change: ChangePoint;
  readonly mixture: MixtureSettings;
}

/**
 * Tests a tail: rollback evidence is a change-point mixture over all usable looks, promote evidence is
 * cumulative over the present stage's; both are divided by the dispersion that the stable version shows. The
 * conditions beside the evidence (gates, no rollback from one look, shared incident, veto) are all here.
 */
export function testTail(timeline: Timeline, series: TailSeries, context: JudgeContext): TailResult {
  const { policy } = context;
  const incident = incidentOf(timeline, series, policy.sharedIncident);
  const usable = timeline.looks.map((look, i) => !look.warmUp && incident.leftOut[i] !== true);
  const canary = series.canary.map((tail, i) => (usable[i] === true ? tail : noTail));
  const stable = series.stable.map((tail, i) => (usable[i] === true ? tail : noTail));

  const dispersion = baselineDispersion(dispersionLooks(series, incident, (tail) => tail.rollbackEvents));
  const rollbackDispersion = dispersionAtSize(dispersion, meanTrials(canary));
  const mixture: MixtureSettings = {
    ...series.rollback,
    horizonLooks: policy.horizonLooks,
    dispersion: rollbackDispersion,
  };
  const change = changePoint(canary.map(rollbackCounts), mixture);
  const window = windowOf(change, mixture, canary, stable);
  const total = sumTails(canary);
  const pastWarmUp = timeline.looks.some((look, i) => !look.warmUp && (series.canary[i]?.trials ?? 0) > 0);
  const rollbackEvidence = !pastWarmUp ? null : series.rollbackMeasurable ? changePointEvidence(change) : 0;
  const rollbackGate = rollbackGateOpen(series, window.canary, policy.gateMargin.rollback);

  const isPresent = (_: ArmTail, i: number) => timeline.looks[i]?.stage === timeline.presentStage;
  const present = canary.filter(isPresent);
  const presentStage = sumTails(present);
  const presentStageLooks = present.filter((tail) => tail.trials > 0).length;
  const promoteDispersion = dispersionAtSize(
    baselineDispersion(dispersionLooks(series, incident, (tail) => tail.promoteEvents)),
    meanTrials(present),
  );
  const promoteEvidence = pastWarmUp ? promoteLogEvidence(series, presentStage, promoteDispersion) : null;
  const promoteGate = promoteGateOpen(series, presentStage, policy.gateMargin.promote);

  const evidenceReached =
    rollbackEvidence !== null && rollbackEvidence >= context.rollbackNeeded && rollbackGate;
  const evidenceWithoutWorstLook = evidenceReached ? withoutWorstLook(canary, window, mixture) : null;
  const blame = window.stable.trials > 0 ? blameOn(window, canary, stable) : null;
  const blamed =
    policy.sharedIncident === 'rollback' ||
    !needsBlame(series, window, incident) ||
    (blame ?? 0) >= blameNeeded;
  const ordinaryRollback = evidenceWithoutWorstLook !== null && evidenceWithoutWorstLook > positive && blamed;
  const grossEvidence = grossFailure(timeline, series, incident, context, rollbackDispersion);
  const grossRollback = grossEvidence !== null && grossEvidence >= context.rollbackNeeded;
  const veto = pastWarmUp && window.logRatio / rollbackDispersion > vetoLimit;
  return {
    incident,
    usable,
    pastWarmUp,
    total,
    totalStable: sumTails(stable),
    presentStage,
    presentStageStable: sumTails(stable.filter(isPresent)),
    presentStageLooks,
    dispersion,
    rollbackDispersion,
    promoteDispersion,
    rollbackEvidence,
    promoteEvidence,
    window,
    rollbackGate,
    promoteGate,
    evidenceWithoutWorstLook,
    blame,
    blamed,
    veto,
    grossEvidence,
    grossDecides: grossRollback && !ordinaryRollback,
    rollback: grossRollback || ordinaryRollback,
    promote:
      promoteEvidence !== null &&
      promoteEvidence >= context.promoteNeeded &&
      promoteGate &&
      presentStageLooks >= minimumPromoteLooks &&
      !veto &&
      incident.looksToWait === 0,
    change,
    mixture,
  };
}

/** Which judged looks a sentence speaks of: all, the window that rolls back, or the present stage that promotes. */
export type ShownSpan = 'all' | 'window' | 'stage';

/** The span whose figure decided, or keeps a decision back: the one that the sentence has to quote. */
export function shownSpan(result: TailResult, verdict: Verdict, pointsToPromote: boolean): ShownSpan {
  const { total, window, presentStage } = result;
  if (verdict === 'rollback') return window.canary.trials < total.trials ? 'window' : 'all';
  const stageSpeaks = verdict === 'promote' || pointsToPromote;
  return stageSpeaks && presentStage.trials > 0 && presentStage.trials < total.trials ? 'stage' : 'all';
}

/** How a span is told in a headline and in a sentence. */
export const spanWords: Readonly<Record<ShownSpan, { readonly short: string; readonly long: string }>> = {
  all: { short: '', long: '' },
  window: { short: ' lately', long: ' in the latest looks that stand out' },
  stage: { short: ' at this weight', long: ' at the present weight' },
};

/** Whether promote evidence has to wait for more looks of the present stage. */
export function needsMorePromoteLooks(result: TailResult): boolean {
  return result.presentStageLooks < minimumPromoteLooks;
}

export function promoteLogEvidence(series: TailSeries, counts: ArmTail, dispersion: number): number {
  const { events, trials } = promoteCounts(counts);
  return binomialTempered(events, trials, series.promote.nullRate, series.promote.alternatives, dispersion);
}

function binomialTempered(
  events: number,
  trials: number,
  nullRate: number,
  alternatives: readonly number[],
  dispersion: number,
): number {
  // Dividing the counts divides every log-likelihood ratio.
  return binomialEvidence(events / dispersion, trials / dispersion, nullRate, alternatives);
}

function incidentOf(
  timeline: Timeline,
  series: TailSeries,
  policy: Policy['sharedIncident'],
): SharedIncident {
  const { rollbackGateMeasurable: measurable } = series;
  const tail = (arm: ArmTail) => ({ trials: measurable ? arm.trials : 0, events: arm.beyondRollback });
  const found = findSharedIncident(
    timeline,
    series.stable.map(tail),
    series.before.map(tail),
    series.rollbackGateRate,
  );
  if (policy === 'hold') return found;
  // The table alone. An incident still does not count as how errors usually vary.
  return withoutConsequences(found);
}

/** Baseline looks for the dispersion; looks in which stable breaches count with their events capped. */
function dispersionLooks(
  series: TailSeries,
  incident: SharedIncident,
  events: (tail: ArmTail) => number,
): readonly { readonly trials: number; readonly events: number }[] {
  const cap = (tail: ArmTail, breached: boolean) => ({
    trials: tail.trials,
    events: breached
      ? Math.min(events(tail), breachLimit(tail.trials, series.rollbackGateRate))
      : events(tail),
  });
  return [
    ...series.before.map((tail, i) => cap(tail, incident.breachedBefore[i] === true)),
    ...series.stable.map((tail, i) => cap(tail, incident.breached[i] === true)),
  ];
}

function meanTrials(tails: readonly ArmTail[]): number {
  const sizes = tails.filter((tail) => tail.trials > 0);
  return sizes.length === 0 ? 0 : sumTails(sizes).trials / sizes.length;
}

function windowOf(
  change: ChangePoint,
  mixture: MixtureSettings,
  canary: readonly ArmTail[],
  stable: readonly ArmTail[],
): TailWindow {
  const { start, alternative, logRatio } = bestWindow(change, mixture);
  return {
    start,
    alternative,
    logRatio,
    canary: sumTails(canary.slice(start - 1)),
    stable: sumTails(stable.slice(start - 1)),
  };
}

export function rollbackGateOpen(series: TailSeries, window: ArmTail, margin: number): boolean {
  if (!series.rollbackGateMeasurable || window.trials <= 0) return false;
  const rate = series.rollbackGateRate;
  const limit = rate + margin * Math.sqrt((rate * (1 - rate)) / window.trials);
  return isAbove(window.beyondRollback / window.trials, limit);
}

export function promoteGateOpen(series: TailSeries, counts: ArmTail, margin: number): boolean {
  if (counts.trials <= 0) return false;
  const rate = series.promoteGateRate;
  const limit = rate - margin * Math.sqrt((rate * (1 - rate)) / counts.trials);
  return isBelow(counts.beyondPromote / counts.trials, limit);
}

/** Rollback evidence as if the look with the largest log-likelihood ratio in the window had not been. */
function withoutWorstLook(canary: readonly ArmTail[], window: TailWindow, mixture: MixtureSettings): number {
  let worst = -1;
  let worstRatio = -Infinity;
  for (let i = window.start - 1; i < canary.length; i++) {
    const tail = canary[i] ?? noTail;
    if (tail.trials <= 0) continue;
    const ratio = binomialEvidence(tail.rollbackEvents, tail.trials, mixture.nullRate, [window.alternative]);
    if (ratio > worstRatio) {
      worst = i;
      worstRatio = ratio;
    }
  }
  const others = canary.map((tail, i) => rollbackCounts(i === worst ? noTail : tail));
  return changePointEvidence(changePoint(others, mixture));
}

/** Whether stable is over the threshold on the window as well, and no first aid lifts the question of blame. */
function needsBlame(series: TailSeries, window: TailWindow, incident: SharedIncident): boolean {
  const { stable } = window;
  if (stable.trials <= 0 || !isAbove(stable.beyondRollback / stable.trials, series.rollbackGateRate))
    return false;
  return !incident.firstAid.some((episode) => window.start <= episode.last);
}

/** Evidence on the window that the canary is worse than stable in the same looks. */
function blameOn(window: TailWindow, canary: readonly ArmTail[], stable: readonly ArmTail[]): number {
  return blameEvidence(
    canary.slice(window.start - 1).map((tail, offset) => {
      const other = stable[window.start - 1 + offset] ?? noTail;
      return {
        canaryTrials: tail.trials,
        canaryEvents: tail.rollbackEvents,
        stableTrials: other.trials,
        stableEvents: other.rollbackEvents,
      };
    }),
  );
}

function grossFailure(
  timeline: Timeline,
  series: TailSeries,
  incident: SharedIncident,
  context: JudgeContext,
  dispersion: number,
): number | null {
  if (series.gross === undefined) return null;
  const counts = timeline.looks.map((_, i) =>
    incident.leftOut[i] === true ? noTail : (series.canary[i] ?? noTail),
  );
  const evidence = changePointEvidence(
    changePoint(counts.map(rollbackCounts), {
      ...series.gross,
      horizonLooks: context.policy.horizonLooks,
      dispersion,
    }),
  );
  return evidence - grossSurcharge;
}
