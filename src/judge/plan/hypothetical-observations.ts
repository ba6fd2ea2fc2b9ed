import type { Look, Observations } from '../../domain/observations.js';
import type { Policy } from '../../domain/policy.js';
import { timesArm } from './planned-arm.js';
import type { PlannedArms, PlannedTraffic } from './planning.js';

/** Up to here looks are one minute each; beyond, those after the head are as long as keeps their number below this. */
const mostLooks = 120;

/** So many minutes at the beginning are always looks of their own, and so is the warm-up. */
const headMinutes = 16;

const minuteMs = 60_000;

/** Where the hypothetical canary begins: any whole minute, since nothing depends on it. */
const startMs = Date.UTC(2000, 0, 1);

/** How long the later looks of so many minutes are, in minutes: 1 up to two hours, then 2, 4, 8, … */
export function lookMinutes(minutes: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(minutes / mostLooks)));
}

/**
 * The looks of so many minutes of steady traffic, every one with exactly the counts that the arms expect. Evidence
 * hardly depends on how looks are cut, so what lasts long is cut coarser and costs no more to judge.
 */
export function hypotheticalObservations(
  { canary, stable }: PlannedArms,
  { requestsPerSecond, weight, routing }: PlannedTraffic,
  minutes: number,
  { warmUpSeconds, windowSeconds = 0 }: Pick<Policy, 'warmUpSeconds' | 'windowSeconds'>,
): Observations {
  const perMinute = requestsPerSecond * 60;
  const length = lookMinutes(minutes);
  // A policy that judges the last stretch only leaves out every look that is not all in it: there looks are shorter.
  const window = Math.ceil(windowSeconds / 60);
  const tailLength = lookMinutes(window);
  const tailLooks =
    window < minutes ? Math.floor(Math.min(window + tailLength - 1, minutes) / tailLength) : 0;
  const tail = tailLooks * tailLength;
  const least = Math.min(minutes - tail, mostLooks, Math.max(headMinutes, Math.ceil(warmUpSeconds / 60)));
  const longLooks = length === 1 ? 0 : Math.floor((minutes - tail - least) / length);
  const head = minutes - tail - longLooks * length;
  const lengths = [
    ...new Array<number>(head).fill(1),
    ...new Array<number>(longLooks).fill(length),
    ...new Array<number>(tailLooks).fill(tailLength),
  ];
  const arms = new Map(
    [...new Set(lengths)].map((spent) => [
      spent,
      {
        canary: timesArm(canary, perMinute * weight * spent),
        stable: timesArm(stable, perMinute * (1 - weight) * spent),
      },
    ]),
  );
  let clock = startMs;
  const looks = lengths.map((spent): Look => {
    const from = clock;
    clock += spent * minuteMs;
    return { startMs: from, endMs: clock, weight, ...arms.get(spent) };
  });
  return {
    model: 'planned',
    canary: { version: 'canary' },
    stable: { version: 'stable' },
    looks,
    before: [],
    routing,
  };
}
