import { median } from 'simple-statistics';
import type { ArmCounts } from '../../domain/observations.js';
import type { ReasonCode, Verdict } from '../../domain/verdict.js';
import { isAbove, isBelow } from '../comparisons.js';
import type { Timeline } from '../timeline.js';
import { incidentOfBreaches, withoutConsequences, type SharedIncident } from '../shared-incident.js';
import type { LatencyQuantileSettings } from './latency-settings.js';
import { serverQuantile } from './server-quantiles.js';
import { minimumPromoteLooks } from './tail-rules.js';

/** Judged looks below which nothing is decided, and how many of the latest have to be good for a promote. */
export const quantileLooks = 5;

/** A quantile that the canary's servers told in a judged look. */
export interface QuantileLook {
  readonly position: number;
  readonly stage: number;
  readonly milliseconds: number;
}

/** What the quantiles of a rollout say; figures are null without a judged look. */
export interface QuantileResult {
  /** Per look: neither warm-up nor left out. */
  readonly usable: readonly boolean[];
  readonly looks: readonly QuantileLook[];
  readonly incident: SharedIncident;
  /** Whether the canary has quantiles outside warm-up looks, left out or not. */
  readonly pastWarmUp: boolean;
  /** Median, newest, and largest of the latest {@link quantileLooks}. */
  readonly middle: number | null;
  readonly newest: number | null;
  readonly largestOfLatest: number | null;
  readonly presentStageLooks: number;
}

/**
 * The canary's quantiles in the looks that are judged: with canary traffic, neither warm-up nor left out since the stable
 * version's own quantile lies above the rollback limit.
 */
export function testQuantiles(
  timeline: Timeline,
  settings: LatencyQuantileSettings,
  sharedIncident: 'hold' | 'rollback',
): QuantileResult {
  const { quantile, rollbackAbove } = settings;
  const breach = (stable: ArmCounts | undefined) => {
    const milliseconds = servedQuantile(stable, quantile);
    return {
      trials: milliseconds === undefined ? 0 : (stable?.requests ?? 0),
      breached: milliseconds !== undefined && isAbove(milliseconds, rollbackAbove),
    };
  };
  const found = incidentOfBreaches(
    timeline,
    timeline.looks.map(({ stable }) => breach(stable)),
    timeline.before.map(({ stable }) => breach(stable)),
  );
  const incident = sharedIncident === 'hold' ? found : withoutConsequences(found);
  const usable = timeline.looks.map(({ warmUp }, index) => !warmUp && incident.leftOut[index] !== true);
  const told = quantileLooksOf(timeline, quantile, 'canary');
  const looks = told.filter(({ position }) => usable[position - 1] === true);
  const values = looks.map(({ milliseconds }) => milliseconds);
  const latest = values.slice(-quantileLooks);
  return {
    usable,
    looks,
    incident,
    pastWarmUp: told.some(({ position }) => timeline.looks[position - 1]?.warmUp === false),
    middle: values.length === 0 ? null : median(values),
    newest: values.at(-1) ?? null,
    largestOfLatest: latest.length === 0 ? null : Math.max(...latest),
    presentStageLooks: looks.filter(({ stage }) => stage === timeline.presentStage).length,
  };
}

/** What an arm's servers told in every look in which it had requests, warm-up ones included. */
export function quantileLooksOf(
  timeline: Timeline,
  quantile: number,
  arm: 'canary' | 'stable',
): readonly QuantileLook[] {
  return timeline.looks.flatMap(({ position, stage, [arm]: counts }) => {
    const milliseconds = servedQuantile(counts, quantile);
    return milliseconds === undefined ? [] : [{ position, stage, milliseconds }];
  });
}

/** Without a request in the look the servers repeat what they told before. */
function servedQuantile(arm: ArmCounts | undefined, quantile: number): number | undefined {
  return arm !== undefined && arm.requests > 0 ? serverQuantile(arm, quantile) : undefined;
}

/** A verdict without odds, and the sentences that belong to it. */
export interface QuantileDecision {
  readonly verdict: Verdict;
  readonly reasonCode: ReasonCode;
  /** Looks until it may be settled; null where that cannot be told. */
  readonly moreLooks: number | null;
  /** `ifUndecided: pass` does not cover what already looks bad. */
  readonly promoteHeldBack: boolean;
  readonly heldBy?: string;
}

/**
 * A rollback needs the median and the newest look above the rollback limit, a promote the median and the latest five
 * looks below the promote limit; both need five judged looks. Everything else holds.
 */
export function decideQuantiles(
  result: QuantileResult,
  { promoteBelow, rollbackAbove }: LatencyQuantileSettings,
): QuantileDecision {
  const { looks, incident, middle, newest, largestOfLatest, presentStageLooks } = result;
  const hold = (reasonCode: ReasonCode, moreLooks: number | null = null, heldBy?: string) => ({
    verdict: 'hold' as const,
    reasonCode,
    moreLooks,
    promoteHeldBack:
      incident.looksToWait > 0 ||
      presentStageLooks < minimumPromoteLooks ||
      [middle, largestOfLatest].some((value) => value !== null && isAbove(value, rollbackAbove)),
    ...(heldBy === undefined ? {} : { heldBy }),
  });
  if (middle === null || newest === null || largestOfLatest === null) {
    return hold(result.pastWarmUp ? 'stable-breaches-too' : 'warming-up', null, incidentSentence(result));
  }
  const enough = looks.length >= quantileLooks;
  const beyond = isAbove(middle, rollbackAbove);
  const within = isBelow(middle, promoteBelow);
  if (enough && beyond && isAbove(newest, rollbackAbove)) {
    return {
      verdict: 'rollback',
      reasonCode: isAided(result) ? 'incident-since-weight-change' : 'rollback',
      moreLooks: 0,
      promoteHeldBack: true,
    };
  }
  if (incident.looksToWait > 0) {
    const code = incident.episodes.length >= 2 ? 'stable-breaches-again' : 'stable-breaches-too';
    return hold(code, within ? incident.looksToWait : null, incidentSentence(result));
  }
  if (!enough) {
    const missing = quantileLooks - looks.length;
    return hold('more-evidence-needed', missing, `At least ${quantileLooks} judged looks are asked for.`);
  }
  if (presentStageLooks < minimumPromoteLooks)
    return hold('new-stage', minimumPromoteLooks - presentStageLooks);
  if (beyond) {
    return hold(
      'more-evidence-needed',
      null,
      'The newest look is not above the limit, so it may be over already.',
    );
  }
  if (!within) return hold('between-thresholds');
  if (isBelow(largestOfLatest, promoteBelow)) {
    return { verdict: 'promote', reasonCode: 'promote', moreLooks: 0, promoteHeldBack: false };
  }
  if (isAbove(largestOfLatest, rollbackAbove))
    return hold('turning-bad', looksUntilGood(result, promoteBelow));
  return hold(
    'more-evidence-needed',
    looksUntilGood(result, promoteBelow),
    `All of the latest ${quantileLooks} judged looks have to be below the limit.`,
  );
}

/** Whether the newest judged look is one in which stable breaches too, but counts since first aid lifts that. */
function isAided({ looks, incident }: QuantileResult): boolean {
  const position = looks.at(-1)?.position ?? 0;
  return incident.firstAid.some((episode) => position >= episode.first && position <= episode.last);
}

/** Good looks until the latest one that is not good is no longer among the latest five. */
function looksUntilGood({ looks }: QuantileResult, promoteBelow: number): number {
  const latest = looks.slice(-quantileLooks);
  return latest.findLastIndex(({ milliseconds }) => !isBelow(milliseconds, promoteBelow)) + 1;
}

function incidentSentence({ incident, pastWarmUp, looks }: QuantileResult): string | undefined {
  if (looks.length === 0) {
    return pastWarmUp
      ? 'The stable version is above the limit as well in every judged look, so none of them speaks for or against the canary: it holds.'
      : undefined;
  }
  const often = incident.episodes.length >= 2 ? 'more than once' : 'as well';
  return `The stable version has been above the limit ${often}, so this may be no fault of the canary: it holds until stable has been calm for ${incident.looksToWait} more looks.`;
}
