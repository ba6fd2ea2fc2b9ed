import type { Expected } from '../machine/action.js';
import { conflict, type Plan } from './plan.js';

/** How a service stands where a change was planned on it. */
export interface Found {
  readonly fingerprint: string;
  readonly stable: string | null | undefined;
  /** Null: the name of the stable version tells. */
  readonly stableFingerprint: string | null;
}

/** What a change expects of the stable version. */
type ExpectedStable = Pick<Expected, 'stable'> & {
  /** Null or left out: not known. */
  readonly stableFingerprint?: string | null | undefined;
};

/** Why it is not the version that was judged, though perhaps of the same model; undefined: it is. */
export function otherCanary(
  { canary = null }: Pick<Expected, 'canary'>,
  found: string | null,
): Plan | undefined {
  return canary === null || canary === found
    ? undefined
    : conflict(`the canary is ${found ?? 'not there'} instead of ${canary}`);
}

/** Why it is not the model that is meant any more; undefined: it is. */
export function otherModel({ fingerprint }: Expected, found: Pick<Found, 'fingerprint'>): Plan | undefined {
  return fingerprint === null || fingerprint === found.fingerprint
    ? undefined
    : conflict('another model was applied meanwhile');
}

/** Why it is not beside the version that is meant any more; undefined: it is. */
export function otherStable(
  { stable, stableFingerprint = null }: ExpectedStable,
  found: Omit<Found, 'fingerprint'>,
): Plan | undefined {
  if (stable !== null && stable !== found.stable) {
    return conflict(`the stable version is ${found.stable ?? 'not known'} instead of ${stable}`);
  }
  const isOther =
    stableFingerprint !== null &&
    found.stableFingerprint !== null &&
    stableFingerprint !== found.stableFingerprint;
  return isOther ? conflict('another model was applied meanwhile in place of the stable one') : undefined;
}

/** Why the share is not the one that is meant any more; undefined: it is. */
export function otherPercent(expected: number | null, found: number | null): Plan | undefined {
  return expected === found
    ? undefined
    : conflict(`the canary's share is ${written(found)} instead of ${written(expected)}`);
}

function written(percent: number | null): string {
  return percent === null ? 'not set' : `${percent} %`;
}
