/** What a scene is: a small cluster in which one thing happens that makes exact counting hard. */
import type {
  ClusterPlan,
  Collector,
  Life,
  PodPlan,
} from '../../../support/prometheus/simulation/pod-plan.js';
import { defaultCollector } from '../../../support/prometheus/simulation/pod-plan.js';
import type { Load } from '../../../support/prometheus/load.js';
import type { MetricServerKind } from '../../../support/prometheus/metric-server.js';
import { scoreEdgeTexts } from '../../../support/prometheus/exposure.js';
import type { ModelQueries } from '../../../../src/sources/prometheus/signals/signal.js';

export const stableVersion = 'v1';
export const canaryVersion = 'v2';

/** A scene begins so many seconds before the canary's first minute, so that there are `before` looks. */
const usualLead = 600;

export interface Scene {
  /** The namespace of its pods. */
  readonly id: string;
  /** What happens, as the end of a sentence that begins with "counts exactly when". */
  readonly when: string;
  readonly pods: readonly PodPlan[];
  /** How many minutes from the canary's first one on are observed. */
  readonly minutes: number;
  /** Absent: every 15 seconds, by one server. */
  readonly collector?: Collector;
  /** When it begins, in seconds. Absent: ten minutes before. */
  readonly from?: number;
  /** What differs from {@link usualQueries}. */
  readonly queries?: (usual: ModelQueries) => ModelQueries;
  /** Which servers can hold it. Absent: both. */
  readonly servers?: readonly MetricServerKind[];
  /** The minute with which the observations begin. Absent: the first in which canary requests are counted. */
  readonly firstMinute?: number;
  /** How far back a canary may begin. Absent: a day. */
  readonly lookbackMinutes?: number;
  /**
   * The bounds of request times that both arms have, or whichever the source chooses, or none at all. Absent: those of
   * the pods.
   */
  readonly latencyBoundsMs?: readonly number[] | 'as-answered' | 'none';
}

/** After the end of a minute a source waits at least for two scrapes. */
export function settleMsOf(scene: Scene): number {
  return Math.max(5000, 2000 * collectorOf(scene).intervalSeconds);
}

export function clusterOf(scene: Scene): ClusterPlan {
  return {
    id: scene.id,
    from: scene.from ?? -usualLead,
    until: scene.minutes * 60 + settleMsOf(scene) / 1000 + 60,
    pods: scene.pods,
    collector: collectorOf(scene),
  };
}

export function collectorOf(scene: Scene): Collector {
  return scene.collector ?? defaultCollector;
}

/** How the pods of a scene are read, unless it says otherwise. */
export function usualQueries(scene: Scene): ModelQueries {
  const where = [{ label: 'namespace', operator: '=', value: scene.id } as const];
  const counter = (metric: string) => ({ metrics: [metric], where });
  return {
    server: 'main',
    signals: {
      requests: { plus: counter('http_requests_total') },
      errors: {
        plus: {
          metrics: ['http_requests_total'],
          where: [...where, { label: 'code', operator: '=~', value: '5..' }],
        },
      },
      latency: {
        kind: 'buckets',
        metric: 'http_request_duration_seconds',
        form: 'classic',
        unit: 's',
        where,
      },
      predictions: {
        default: { kind: 'scores', metric: 'model_score', form: 'classic', where },
        class: { kind: 'labels', counter: counter('model_predictions_total'), label: 'class' },
      },
      outcomes: {
        amount: {
          count: counter('model_outcomes_total'),
          sum: { plus: counter('model_outcome_amount_total') },
          sumOfSquares: counter('model_outcome_amount_squares_total'),
          immediate: true,
        },
      },
    },
    version: { label: 'version', pattern: '{{version}}' },
    startTime: { metric: 'process_start_time_seconds', on: ['job', 'instance'] },
    targetLabels: ['job', 'instance', 'version'],
    replicaLabels: [],
    aggregated: false,
    scrapeIntervalMs: collectorOf(scene).intervalSeconds * 1000,
    missing: {},
  };
}

export const scoreEdges = scoreEdgeTexts.map(Number);
export const classLabels = ['approve', 'decline', 'review'];

const dayLong = 86_400;

/** Traffic as it always is. */
export function steadily(from: number, until: number, more: Partial<Load> = {}): Load {
  return { from, until, perSecond: 2, ...more };
}

/** A pod of the stable version whose process is days old and goes on. */
export function oldStablePod(
  address: string,
  more: Partial<PodPlan> = {},
  load: Partial<Load> = {},
): PodPlan {
  return {
    address,
    version: stableVersion,
    lives: [oldLife(load)],
    ...more,
  };
}

/** A process that has been there for days. */
export function oldLife(load: Partial<Load> = {}, from = -usualLead): Life {
  return {
    from,
    loads: [steadily(from, dayLong / 24, { perSecond: 4, ...load })],
    older: { seconds: 5 * dayLong, requests: 20_000 },
  };
}

/** A pod of the canary version. */
export function canaryPod(address: string, lives: readonly Life[], more: Partial<PodPlan> = {}): PodPlan {
  return { address, version: canaryVersion, lives, ...more };
}

/** A process that is there from one second to another, with traffic all the time. */
export function newLife(from: number, until?: number, load: Partial<Load> = {}): Life {
  return {
    from,
    ...(until === undefined ? {} : { until }),
    loads: [steadily(from, until ?? dayLong / 24, load)],
  };
}
