import type { PairedTailCounts } from '../../statistics/blame-evidence.js';
import {
  bestStart,
  changePointEvidence,
  changePointOfSteps,
  type ChangePoint,
  type StartSettings,
} from '../../statistics/change-point-mixture.js';
import { baselineDispersion, dispersionAtSize } from '../../statistics/dispersion.js';
import { logMeanExp } from '../../statistics/log-sum-exp.js';
import {
  pairedDispersion,
  rateRatio,
  ratioLogLikelihoodRatio,
  type RateRatio,
} from '../../statistics/rate-ratio.js';
import type { JudgeContext } from '../guardrail-kind.js';
import {
  breachedBeyond,
  breachLimit,
  groupEpisodes,
  looksToWait,
  minimumEvents,
  usualRate,
  type StableTail,
} from '../shared-incident.js';
import type { Timeline } from '../timeline.js';
import type { RatioSeries } from './ratio-series.js';
import { isBeyond, isWithin, promoteSides, rollbackSides, type RatioLimits } from './ratio-limits.js';
import { positive, vetoLimit } from './tail-rules.js';

/** The rate that counts as an incident stays below this. */
const highestRate = 0.95;

const noPair: PairedTailCounts = { canaryTrials: 0, canaryEvents: 0, stableTrials: 0, stableEvents: 0 };

/** What the ratio test found. */
export interface RatioResult {
  /** Per look: neither warm-up nor left out. */
  readonly usable: readonly boolean[];
  readonly leftOut: readonly boolean[];
  /** Whether the canary has counts outside warm-up looks, left out or not. */
  readonly pastWarmUp: boolean;
  /** How many runs of left-out looks there were. */
  readonly incidents: number;
  /** Calm looks that a promote still has to wait for after an incident. */
  readonly looksToWait: number;
  /** The judged looks; those that are not judged keep their place with zero counts. */
  readonly judged: readonly PairedTailCounts[];
  /** The judged looks that a promote is made from. */
  readonly promoteLooks: readonly PairedTailCounts[];
  readonly total: PairedTailCounts;
  readonly ratio: RateRatio | undefined;
  readonly promoteRatio: RateRatio | undefined;
  /** The best window's looks, the canary's events capped. */
  readonly windowLooks: readonly PairedTailCounts[];
  /** The rate at which they are capped; undefined where they are not. */
  readonly burstRate: number | undefined;
  readonly window: {
    readonly start: number;
    readonly logRatio: number;
    readonly ratio: RateRatio | undefined;
  };
  readonly dispersion: number;
  readonly promoteDispersion: number;
  readonly rollbackEvidence: number;
  readonly promoteEvidence: number;
  readonly rollbackGate: boolean;
  readonly promoteGate: boolean;
  /** The worst look of the window taken out, the evidence is still above 0. */
  readonly confirmed: boolean;
  readonly veto: boolean;
  readonly change: ChangePoint;
  readonly start: StartSettings;
}

/**
 * Tests how the canary's rate of an event stands to stable's of the same looks: given the events of both arms, the
 * canary's share of them says all about the ratio, whatever rate moves for both. Rollback evidence is a change-point
 * mixture over the judged looks, so a late regression is found; promote evidence is cumulative. Exact for independent
 * requests, whatever the null ratio: the mean of a look's likelihood ratio under it is at most 1.
 */
export function testRatio(timeline: Timeline, series: RatioSeries, context: JudgeContext): RatioResult {
  const { limits } = series;
  const { gateMargin, horizonLooks } = context.policy;
  const incident = findIncident(series);
  const leftOut = incident.breached;
  const usable = timeline.looks.map((look, i) => !look.warmUp && leftOut[i] !== true);
  const judged = series.pairs.map((pair, i) => (usable[i] === true ? pair : noPair));
  const capped = judged.map((pair) => withoutBurst(pair, incident.rate));
  const promoteLooks = series.promoteOnStage
    ? judged.filter((_, i) => timeline.looks[i]?.stage === timeline.presentStage)
    : judged;
  const dispersionAt = dispersionOf(series, incident, judged);
  const dispersion = dispersionAt(judged);
  const promoteDispersion = dispersionAt(promoteLooks);
  const start: StartSettings = { horizonLooks, dispersion };
  const change = rollbackChange(capped, limits, start);
  const best = bestStart(change);
  const windowLooks = capped.slice(best.start - 1);
  const promoteRatio = rateRatio(promoteLooks);
  return {
    usable,
    leftOut,
    pastWarmUp: series.pairs.some((pair, i) => timeline.looks[i]?.warmUp === false && pair.canaryTrials > 0),
    incidents: groupEpisodes(leftOut).length,
    // Bursts that stable had before the canary as well are what it usually does.
    looksToWait: incident.breachedBefore.includes(true)
      ? 0
      : looksToWait(series.pairs.map(stableTail), leftOut, Math.min(1, groupEpisodes(leftOut).length)),
    judged,
    promoteLooks,
    total: sumPairs(judged),
    ratio: rateRatio(judged),
    promoteRatio,
    windowLooks,
    burstRate: incident.rate,
    window: {
      start: best.start,
      logRatio: best.logRatio,
      ratio: rateRatio(judged.slice(best.start - 1)),
    },
    dispersion,
    promoteDispersion,
    rollbackEvidence: changePointEvidence(change),
    promoteEvidence: promoteLogEvidence(promoteLooks, limits, promoteDispersion),
    rollbackGate: rollbackGateOpen(windowLooks, limits, gateMargin.rollback),
    promoteGate: promoteGateOpen(promoteLooks, limits, gateMargin.promote),
    confirmed: withoutWorstLook(capped, limits, start, best) > positive,
    veto: best.logRatio / dispersion > vetoLimit,
    change,
    start,
  };
}

/** Whether the ratio of some looks lies beyond the rollback limit by so many standard errors. */
export function rollbackGateOpen(
  looks: readonly PairedTailCounts[],
  limits: RatioLimits,
  margin: number,
): boolean {
  const ratio = rateRatio(looks);
  return ratio !== undefined && isBeyond(ratio.ratio, limits, marginOf(ratio, margin));
}

/** The same for the promote limit, from within. */
export function promoteGateOpen(
  looks: readonly PairedTailCounts[],
  limits: RatioLimits,
  margin: number,
): boolean {
  const ratio = rateRatio(looks);
  return ratio !== undefined && isWithin(ratio.ratio, limits, marginOf(ratio, margin));
}

/** So many standard errors of the ratio's logarithm, as a factor; 1 where they cannot be told. */
function marginOf({ logStandardError }: RateRatio, standardErrors: number): number {
  return logStandardError === undefined ? 1 : Math.exp(standardErrors * logStandardError);
}

/** Evidence for a promote: against each side of "too different" on its own, so the lesser of them counts. */
export function promoteLogEvidence(
  looks: readonly PairedTailCounts[],
  limits: RatioLimits,
  dispersion: number,
): number {
  return Math.min(
    ...promoteSides(limits).map(({ factors, nullFactor }) =>
      logMeanExp(
        factors.map(
          (factor) =>
            looks.reduce((total, look) => total + ratioLogLikelihoodRatio(look, factor, nullFactor), 0) /
            dispersion,
        ),
      ),
    ),
  );
}

/** How many judged looks with canary counts a promote can be made from. */
export function promoteLookCount({ promoteLooks }: Pick<RatioResult, 'promoteLooks'>): number {
  return promoteLooks.filter((pair) => pair.canaryTrials > 0).length;
}

/** The log-likelihood ratios of one look under every rollback alternative, in the order of the mixture. */
export function rollbackSteps(look: PairedTailCounts, limits: RatioLimits): readonly number[] {
  return rollbackSides(limits).flatMap(({ factors, nullFactor }) =>
    factors.map((factor) => ratioLogLikelihoodRatio(look, factor, nullFactor)),
  );
}

function rollbackChange(
  looks: readonly PairedTailCounts[],
  limits: RatioLimits,
  start: StartSettings,
): ChangePoint {
  const perLook = looks.map((look) => rollbackSteps(look, limits));
  const alternatives = rollbackSteps(noPair, limits).length;
  const steps = Array.from({ length: alternatives }, (_, k) => perLook.map((ofLook) => ofLook[k] ?? 0));
  return changePointOfSteps(steps, looks.length, start);
}

/** Rollback evidence as if the look that speaks loudest in the best window had not been. */
function withoutWorstLook(
  looks: readonly PairedTailCounts[],
  limits: RatioLimits,
  settings: StartSettings,
  best: { readonly index: number; readonly start: number },
): number {
  let worst = -1;
  let worstRatio = -Infinity;
  looks.forEach((look, i) => {
    if (i < best.start - 1 || look.canaryTrials <= 0) return;
    const ratio = rollbackSteps(look, limits)[best.index] ?? 0;
    if (ratio > worstRatio) {
      worst = i;
      worstRatio = ratio;
    }
  });
  const others = looks.map((look, i) => (i === worst ? noPair : look));
  return changePointEvidence(rollbackChange(others, limits, settings));
}

/** Looks in which stable itself does far worse than usual. */
interface RatioIncident {
  /** Per look. */
  readonly breached: readonly boolean[];
  readonly breachedBefore: readonly boolean[];
  /** The rate beyond which a look is one of them; undefined where none is left out. */
  readonly rate: number | undefined;
}

/** What both arms go through while stable does far worse than usual would drown what the canary does at other times. */
function findIncident({ pairs, before, limits, leaveIncidentsOut }: RatioSeries): RatioIncident {
  const stable = pairs.map(stableTail);
  const usual = usualRate([...before, ...stable]);
  const rate = leaveIncidentsOut
    ? Math.min(highestRate, usual * Math.max(1, limits.rollbackAbove))
    : undefined;
  const breached = (look: StableTail) => rate !== undefined && breachedBeyond(look, rate);
  return { breached: stable.map(breached), breachedBefore: before.map(breached), rate };
}

/** A look with the canary's events capped as stable's are: what lies beyond is an incident, not its usual rate. */
export function withoutBurst(pair: PairedTailCounts, rate: number | undefined): PairedTailCounts {
  if (rate === undefined) return pair;
  const most = Math.max(minimumEvents, breachLimit(pair.canaryTrials, rate));
  return pair.canaryEvents <= most ? pair : { ...pair, canaryEvents: most };
}

/**
 * How much more the events vary than independent requests do: what stable's counts show, those of an incident capped,
 * unless more than twice what the canary's show given both arms' (which leaves out what both go through together). A
 * figure of the canary's that is larger is not taken: a fault that begins late looks like that.
 *
 * @returns the dispersion at the mean canary size of some looks
 */
function dispersionOf(
  { pairs, before }: RatioSeries,
  incident: RatioIncident,
  judged: readonly PairedTailCounts[],
): (sized: readonly PairedTailCounts[]) => number {
  const cap = ({ trials, events }: StableTail, breached: boolean) => ({
    trials,
    events:
      breached && incident.rate !== undefined ? Math.min(events, breachLimit(trials, incident.rate)) : events,
  });
  const baseline = [
    ...before.map((look, i) => cap(look, incident.breachedBefore[i] === true)),
    ...pairs.map((pair, i) => cap(stableTail(pair), incident.breached[i] === true)),
  ];
  const ofBaseline = baselineDispersion(baseline);
  const paired = pairedDispersion(judged);
  return (sized) => {
    const withCanary = sized.filter((pair) => pair.canaryTrials > 0);
    const meanSize = withCanary.length === 0 ? 0 : sumPairs(withCanary).canaryTrials / withCanary.length;
    const ofStable = dispersionAtSize(ofBaseline, meanSize);
    return paired !== undefined && ofStable > 2 * paired ? paired : ofStable;
  };
}

function stableTail(pair: PairedTailCounts): StableTail {
  return { trials: pair.stableTrials, events: pair.stableEvents };
}

/** Sums pairs look by look. */
export function sumPairs(pairs: readonly PairedTailCounts[]): PairedTailCounts {
  let [canaryTrials, canaryEvents, stableTrials, stableEvents] = [0, 0, 0, 0];
  for (const pair of pairs) {
    canaryTrials += pair.canaryTrials;
    canaryEvents += pair.canaryEvents;
    stableTrials += pair.stableTrials;
    stableEvents += pair.stableEvents;
  }
  return { canaryTrials, canaryEvents, stableTrials, stableEvents };
}
