import { median } from 'simple-statistics';
import type { Timeline } from './timeline.js';

/** The stable version's trials and events of one look, for the question "does it breach as well?". */
export interface StableTail {
  readonly trials: number;
  readonly events: number;
}

/** A run of left-out looks with at most two looks not left out between; positions count from 1. */
export interface Episode {
  readonly first: number;
  readonly last: number;
}

/** Which looks are left out of a guardrail's evidence because the stable version breaches in them. */
export interface SharedIncident {
  /** Per look: stable breaches. */
  readonly breached: readonly boolean[];
  /** The same for the looks before the canary. */
  readonly breachedBefore: readonly boolean[];
  /** Per look: left out of evidence and gates (breached and not lifted by first aid). */
  readonly leftOut: readonly boolean[];
  readonly episodes: readonly Episode[];
  /** Episodes whose looks count again, since they began when the canary got its traffic. */
  readonly firstAid: readonly Episode[];
  /** Looks that still have to pass without a breach before a promote: 0 when none. */
  readonly looksToWait: number;
}

const standardDeviations = 3;
/** Fewer events than this in a look are never an incident. */
export const minimumEvents = 5;
const gapInsideEpisode = 2;
const calmAfterOne = 10;
const calmAfterMore = 30;
const firstAidStart = 3;
const firstAidCalm = 5;
const firstAidLength = 4;

/** Expected events plus three standard deviations: the most that a look at the threshold would show. */
export function breachLimit(trials: number, rate: number): number {
  return trials * rate + standardDeviations * Math.sqrt(trials * rate * (1 - rate));
}

/** Whether a look shows more events than chance explains at a rate, and at least five of them. */
export function breachedBeyond(look: StableTail, rate: number): boolean {
  return look.trials > 0 && look.events >= minimumEvents && look.events > breachLimit(look.trials, rate);
}

/** The rate of an ordinary look: the median one, or the pooled rate where half of the looks show no event. */
export function usualRate(looks: readonly StableTail[]): number {
  const rates = looks.filter((look) => look.trials > 0).map((look) => look.events / look.trials);
  const middle = rates.length === 0 ? 0 : median(rates);
  if (middle > 0) return middle;
  const trials = looks.reduce((total, look) => total + look.trials, 0);
  return trials > 0 ? looks.reduce((total, look) => total + look.events, 0) / trials : 0;
}

/**
 * Finds the looks in which the stable version itself breaches by more than three standard deviations (and at
 * least five events), and what follows from them: see {@link incidentOfBreaches}.
 *
 * @param stable per look of the timeline
 * @param before per look before the canary
 * @param rate the rollback threshold as a rate
 */
export function findSharedIncident(
  timeline: Timeline,
  stable: readonly StableTail[],
  before: readonly StableTail[],
  rate: number,
): SharedIncident {
  const mark = (look: StableTail) => ({ trials: look.trials, breached: breachedBeyond(look, rate) });
  return incidentOfBreaches(timeline, stable.map(mark), before.map(mark));
}

/** Whether the stable version breached in a look, of how many trials; none: nothing is known of that look. */
export interface StableBreach extends Pick<StableTail, 'trials'> {
  readonly breached: boolean;
}

/**
 * Groups the looks in which the stable version breaches into episodes and applies first aid: an episode that begins
 * within three looks of the canary's first traffic or of a higher weight, lasts four looks or more, and before which
 * stable was calm for five looks, counts again, so that the newest change is undone.
 *
 * @param stable per look of the timeline
 * @param before per look before the canary
 */
export function incidentOfBreaches(
  timeline: Timeline,
  stable: readonly StableBreach[],
  before: readonly StableBreach[],
): SharedIncident {
  const breached = stable.map((look) => look.breached);
  const episodes = groupEpisodes(breached);
  const calmBefore = before.filter((look) => look.trials > 0).map((look) => !look.breached);
  const changes = changesOfTraffic(timeline);
  const firstAid = episodes.filter(
    (episode) =>
      episode.last - episode.first + 1 >= firstAidLength &&
      changes.some(
        (change) =>
          episode.first >= change &&
          episode.first < change + firstAidStart &&
          wasCalm(change, stable, calmBefore),
      ),
  );
  const lifted = (position: number): boolean =>
    firstAid.some((episode) => position >= episode.first && position <= episode.last);
  return {
    breached,
    breachedBefore: before.map((look) => look.breached),
    leftOut: breached.map((breach, index) => breach && !lifted(index + 1)),
    episodes,
    firstAid,
    looksToWait: looksToWait(stable, breached, episodes.length),
  };
}

/** The same with nothing left out and nothing to wait for: what a policy that says `rollback` makes of an incident. */
export function withoutConsequences(incident: SharedIncident): SharedIncident {
  return {
    ...incident,
    leftOut: incident.leftOut.map(() => false),
    episodes: [],
    firstAid: [],
    looksToWait: 0,
  };
}

/** Runs of breached looks with at most two others between. */
export function groupEpisodes(breached: readonly boolean[]): readonly Episode[] {
  const episodes: { first: number; last: number }[] = [];
  breached.forEach((breach, index) => {
    if (!breach) return;
    const position = index + 1;
    const open = episodes.at(-1);
    if (open !== undefined && position - open.last - 1 <= gapInsideEpisode) open.last = position;
    else episodes.push({ first: position, last: position });
  });
  return episodes;
}

/** Positions at which the canary got its first traffic or a higher share. */
function changesOfTraffic(timeline: Timeline): readonly number[] {
  const changes: number[] = [];
  const first = timeline.looks.find((look) => look.canaryTraffic);
  if (first !== undefined) changes.push(first.position);
  timeline.looks.forEach((look, index) => {
    const previous = timeline.looks[index - 1];
    if (previous === undefined || previous.stage === look.stage) return;
    const now = timeline.stages[look.stage];
    const then = timeline.stages[previous.stage];
    if (now === undefined || then === undefined) return;
    if ((now.weight ?? now.share) > (then.weight ?? then.share)) changes.push(look.position);
  });
  return changes;
}

/** Whether the last five looks with stable traffic before a change exist and none of them was breached. */
function wasCalm(change: number, stable: readonly StableBreach[], calmBefore: readonly boolean[]): boolean {
  const earlier = [
    ...calmBefore,
    ...stable
      .slice(0, change - 1)
      .filter((look) => look.trials > 0)
      .map((look) => !look.breached),
  ];
  const last = earlier.slice(-firstAidCalm);
  return last.length === firstAidCalm && last.every((calm) => calm);
}

/** How many calm looks a promote still has to wait for: 10 in a row after one episode, 30 after more. */
export function looksToWait(
  stable: readonly Pick<StableTail, 'trials'>[],
  breached: readonly boolean[],
  episodes: number,
): number {
  const lastBreach = breached.lastIndexOf(true);
  if (lastBreach < 0) return 0;
  const calm = stable.slice(lastBreach + 1).filter((look) => look.trials > 0).length;
  return Math.max(0, (episodes >= 2 ? calmAfterMore : calmAfterOne) - calm);
}
