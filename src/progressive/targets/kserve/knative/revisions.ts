import type { KubernetesObject } from '../../../cluster/kubernetes-object.js';
import { listAt, numberAt, textAt, valueAt } from '../../json-at.js';

/** One part of the traffic as Knative gives it out. */
export interface TrafficPart {
  readonly revision: string | undefined;
  readonly percent: number;
  /** Follows the newest revision that is ready. */
  readonly isLatest: boolean;
  /** What KServe keeps for the stable version. */
  readonly isPrevious: boolean;
}

/** The revisions of the predictor as KServe's status tells them. */
export interface Revisions {
  readonly created: string | undefined;
  readonly ready: string | undefined;
  /** The last that had everything: the one that KServe keeps beside a canary. */
  readonly rolledOut: string | undefined;
  /** The one that had everything before: what a share below 100 on a stable service brings back. */
  readonly previous: string | undefined;
  readonly traffic: readonly TrafficPart[];
}

/** Where the status of the predictor stands, as a patch names it. */
export const revisionsPath = '/status/components/predictor';

export function revisionsOf(service: KubernetesObject): Revisions {
  const status = valueAt(service, 'status', 'components', 'predictor');
  return {
    created: textAt(status, 'latestCreatedRevision'),
    ready: textAt(status, 'latestReadyRevision'),
    rolledOut: textAt(status, 'latestRolledoutRevision'),
    previous: textAt(status, 'previousRolledoutRevision'),
    traffic: listAt(status, 'traffic').map((part) => ({
      revision: textAt(part, 'revisionName'),
      percent: numberAt(part, 'percent') ?? 0,
      isLatest: valueAt(part, 'latestRevision') === true,
      isPrevious: textAt(part, 'tag') === 'prev',
    })),
  };
}

/** The newest revision where it is not the stable one; null: there is none. */
export function canaryOf({ created, rolledOut }: Revisions): string | null {
  return created !== undefined && rolledOut !== undefined && created !== rolledOut ? created : null;
}

/**
 * Who has the rest of the traffic: whom Knative really sends it to. That it is not who KServe keeps as rolled out is how an
 * older model comes back that nobody asked for.
 */
export function stableOf({ traffic, created, rolledOut }: Revisions): string | null {
  const kept = traffic.find((part) => part.isPrevious && part.percent > 0 && part.revision !== created);
  return kept?.revision ?? rolledOut ?? null;
}
