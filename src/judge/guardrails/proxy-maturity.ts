import type { Timeline, TimelineLook } from '../timeline.js';

interface MaturitySettings {
  readonly outcome: string;
  readonly maturitySeconds: number;
}

/** Whether the outcomes of a look are all in: its requests are older than the maturity at the instant judged for. */
export function maturityTest(timeline: Timeline, maturitySeconds: number): (look: TimelineLook) => boolean {
  const latestMs = (timeline.asOfMs ?? Infinity) - maturitySeconds * 1000;
  return (look) => look.endMs <= latestMs;
}

/** How many looks of the canary are too young. */
export function tooYoung(timeline: Timeline, isMature: (look: TimelineLook) => boolean): number {
  return timeline.looks.filter((look) => look.canaryTraffic && !isMature(look)).length;
}

/** Seconds until the first judged look of the canary is old enough; undefined where that is not what is missing. */
export function maturityWait(timeline: Timeline, settings: MaturitySettings): number | undefined {
  const first = timeline.looks.find(
    (look) => !look.warmUp && (look.canary?.outcomes.get(settings.outcome)?.count ?? 0) > 0,
  );
  if (first === undefined || timeline.asOfMs === null) return undefined;
  const seconds = settings.maturitySeconds - (timeline.asOfMs - first.endMs) / 1000;
  return seconds > 0 ? seconds : undefined;
}
