/** What happens in a scene: plain data. Times are seconds of the scene; the canary's first minute begins with 0. */
import type { Exposure } from '../exposure.js';
import type { Load } from '../load.js';

/** One process of a pod, from its start to its end. */
export interface Life {
  readonly from: number;
  /** Absent: it outlives the scene. */
  readonly until?: number;
  readonly loads: readonly Load[];
  /** It had begun long before the scene looks at it, and had served much by then. */
  readonly older?: { readonly seconds: number; readonly requests: number };
}

/** Under which labels a pod is scraped for some time, as service discovery and relabelling would have it. */
export interface TargetSpan {
  readonly from: number;
  readonly until: number;
  /** The version label is among them. */
  readonly labels: Readonly<Record<string, string>>;
}

/** One address, and the processes that answer there one after the other. */
export interface PodPlan {
  readonly address: string;
  readonly version: string;
  /** Ascending, not overlapping. */
  readonly lives: readonly Life[];
  /** Absent: under the labels `job`, `instance` and `version`, from its first start to shortly after its end. */
  readonly targets?: readonly TargetSpan[];
  /** Absent: {@link defaultExposure}. */
  readonly exposure?: Exposure;
}

/** One of the servers that scrape. */
export interface Replica {
  /** Labels that tell its samples from those of the others. */
  readonly labels: Readonly<Record<string, string>>;
  /** When in its interval it scrapes. Absent: each pod at another time. */
  readonly offsetSeconds?: number;
  /** How far its clock is ahead. */
  readonly skewSeconds?: number;
  /** When it does not run, [from, until). It leaves no mark of that. */
  readonly down?: readonly (readonly [number, number])[];
}

export interface Collector {
  readonly intervalSeconds: number;
  readonly replicas: readonly Replica[];
  /** By how much scrapes miss their time, one after the other and then again from the first. Absent: not at all. */
  readonly jitterMs?: readonly number[];
}

export const defaultCollector: Collector = { intervalSeconds: 15, replicas: [{ labels: {} }] };

/** Everything that is simulated of one scene. */
export interface ClusterPlan {
  /** Also the namespace of its pods. */
  readonly id: string;
  readonly from: number;
  readonly until: number;
  readonly pods: readonly PodPlan[];
  readonly collector: Collector;
}
