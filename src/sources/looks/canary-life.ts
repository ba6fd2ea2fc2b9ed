/** Where the present life of a canary version begins, when the same version was deployed more than once. */

/** Requests of a version by minute number; minutes without any are not there. */
export type Traffic = ReadonlyMap<number, number>;

/** Why a life ended and another began. */
export interface Restart {
  /** The first minute of the new life, as far as it has begun. */
  readonly minute: number | undefined;
  readonly because: 'rollback-verdict' | 'gap';
}

/** The present life: its first minute with traffic (undefined: none yet) and the restarts before it. */
export interface CanaryLife {
  readonly firstMinute: number | undefined;
  readonly restarts: readonly Restart[];
}

export interface LifeRules {
  /** The first minute after those that count. */
  readonly endMinute: number;
  /** The ends of the looks for which a rollback was given, as minute numbers, ascending. */
  readonly rollbackMinutes: readonly number[];
  /** A gap in the canary's traffic has to be longer than this to be a restart by itself. */
  readonly restartGapMinutes: number;
}

/** A gap is a restart only if the canary would have had this many requests in it. */
const missingRequests = 10;

/** How much of the time before a gap tells the canary's share of the traffic. */
const shareMinutes = 30;

/**
 * Follows the canary's traffic. After a rollback verdict the first minute without canary traffic ends its life, even
 * if no traffic has followed: the next deployment of the version is not to be judged on the old one. Otherwise a
 * gap ends it if it is long enough and so much stable traffic went by that the canary, at the share that it had in
 * the 30 minutes before, would have had at least 10 requests of it; a quiet night does not.
 */
export function canaryLife(canary: Traffic, stable: Traffic, rules: LifeRules): CanaryLife {
  const minutes = [...canary.keys()].filter((minute) => minute < rules.endMinute).sort((a, b) => a - b);
  const restarts: Restart[] = [];
  let [first] = minutes;
  let previous = first;
  if (first === undefined || previous === undefined) return { firstMinute: undefined, restarts };
  for (const minute of minutes.slice(1)) {
    const because = restartReason(first, previous, minute, canary, stable, rules);
    if (because !== undefined) {
      restarts.push({ minute, because });
      first = minute;
    }
    previous = minute;
  }
  if (toldToRollBack(first, rules.endMinute, previous, rules)) {
    return {
      firstMinute: undefined,
      restarts: [...restarts, { minute: undefined, because: 'rollback-verdict' }],
    };
  }
  return { firstMinute: first, restarts };
}

function restartReason(
  first: number,
  previous: number,
  next: number,
  canary: Traffic,
  stable: Traffic,
  rules: LifeRules,
): Restart['because'] | undefined {
  if (toldToRollBack(first, next, previous, rules)) return 'rollback-verdict';
  const gapMinutes = next - previous - 1;
  if (gapMinutes <= rules.restartGapMinutes) return undefined;
  const shareFrom = Math.max(first, previous + 1 - shareMinutes);
  const canaryBefore = requestsIn(canary, shareFrom, previous + 1);
  const stableBefore = requestsIn(stable, shareFrom, previous + 1);
  const share = canaryBefore / (canaryBefore + stableBefore);
  return requestsIn(stable, previous + 1, next) * share >= missingRequests ? 'gap' : undefined;
}

/** Whether a minute between the two, without canary traffic, lies after a rollback of the life that began first. */
function toldToRollBack(first: number, next: number, previous: number, rules: LifeRules): boolean {
  const lastSilent = next - 1;
  if (lastSilent <= previous) return false;
  return rules.rollbackMinutes.some((minute) => minute > first && minute <= lastSilent);
}

function requestsIn(traffic: Traffic, from: number, to: number): number {
  let sum = 0;
  for (let minute = from; minute < to; minute++) sum += traffic.get(minute) ?? 0;
  return sum;
}
