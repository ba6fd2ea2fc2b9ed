import type { ClusterApi } from '../cluster/cluster-api.js';
import type { ClusterWatch } from '../cluster/cluster-watch.js';
import type { AlertReceiver } from '../alerts/alert-receiver.js';
import type { StageJudge } from '../driver/stage-judge.js';
import { targetKinds } from '../targets/index.js';
import type { TargetKind } from '../targets/target-kind.js';
import type { ControllerLog } from './controller-log.js';
import type { ControllerMetrics } from './controller-metrics.js';
import { createEventsReceiver } from './events-receiver.js';
import { defaultLeaseTimings, leadWhenElected } from './leadership.js';
import type { LeaseTimings } from './lease.js';
import { RolloutsTerm } from './rollouts-term.js';

/** What a controller works with. */
export interface ControllerParts {
  readonly api: ClusterApi;
  readonly watch: ClusterWatch;
  readonly judge: StageJudge;
  /** Who is told beside the Events of Kubernetes; made anew whenever it begins to lead. */
  readonly receivers?: () => readonly AlertReceiver[];
  /** Template of links, for rollouts that name none of their own. */
  readonly alertLink?: string;
  /** Where ModelRollouts are driven; empty or absent: in the whole cluster. */
  readonly namespaces?: readonly string[];
  readonly lease: {
    readonly namespace: string;
    readonly name?: string;
    /** Unique among the replicas. */
    readonly identity: string;
    readonly timings?: LeaseTimings;
  };
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: ControllerLog;
  readonly metrics: ControllerMetrics;
  /** So many rollouts are looked at at a time. */
  readonly concurrency?: number;
  readonly kinds?: readonly TargetKind[];
  /** How often the clock is looked at; absent: every second. */
  readonly tickMs?: number;
  /** From 0 to 1; absent: by chance. */
  readonly chance?: () => number;
}

/** A controller that runs. */
export interface Controller {
  readonly isLeading: boolean;
  /** Why the lease could not be asked for the last time; undefined: it could. Holds no secret. */
  readonly obstacle: string | undefined;
  /** Ends what is being done, gives up the lease. The targets stay as they are. */
  stop(): Promise<void>;
}

export const leaseName = 'ml-verdict-controller';

/**
 * Drives every ModelRollout, one replica at a time: reads the target, decides, saves into the status, changes the target.
 * Returns at once.
 */
export function startController(parts: ControllerParts): Controller {
  const { api, log, metrics, now } = parts;
  const abort = new AbortController();
  let isLeading = false;
  let obstacle: string | undefined = 'the API server has not answered yet';
  const ended = leadWhenElected(
    {
      name: leaseName,
      timings: defaultLeaseTimings,
      ...parts.lease,
      api,
      now,
      log,
      onChange: (is) => {
        isLeading = is;
        metrics.leading(is);
      },
      onTry: (found) => {
        obstacle = found === undefined ? undefined : `the Lease cannot be had: ${found}`;
      },
    },
    (signal) =>
      new RolloutsTerm(
        {
          ...parts,
          kinds: parts.kinds ?? targetKinds,
          receivers: () => [createEventsReceiver(api), ...(parts.receivers?.() ?? [])],
          namespaces: parts.namespaces ?? [],
          chance: parts.chance ?? Math.random,
          concurrency: parts.concurrency ?? 8,
        },
        signal,
      ).run(),
    abort.signal,
  );
  return {
    get isLeading() {
      return isLeading;
    },
    get obstacle() {
      return obstacle;
    },
    stop: async () => {
      abort.abort();
      await ended;
    },
  };
}
