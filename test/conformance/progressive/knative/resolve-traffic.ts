import type { TrafficTarget } from './knative-service.js';

/** Traffic of the latest revision that goes over to it from another one; `done`: which part of it, 0 to 1. */
export interface LatestRollout {
  readonly from: string;
  readonly done: number;
}

/**
 * Where traffic goes: `latestRevision` is the newest revision that is ready, however new the newest of all is; while it
 * goes over, both revisions stand under `latestRevision`. Undefined while nothing is ready.
 */
export function resolveTraffic(
  asked: readonly TrafficTarget[],
  ready: string | undefined,
  rollout: LatestRollout | undefined,
): readonly TrafficTarget[] | undefined {
  if (ready === undefined) return undefined;
  return asked.flatMap((target) => {
    if (target.latestRevision !== true) return [target];
    if (rollout === undefined || target.percent === 0) return [{ ...target, revisionName: ready }];
    const gone = Math.min(target.percent, Math.max(1, Math.floor(target.percent * rollout.done)));
    return [
      { ...target, revisionName: rollout.from, percent: target.percent - gone },
      { ...target, revisionName: ready, percent: gone },
    ].filter(({ percent }) => percent > 0);
  });
}
