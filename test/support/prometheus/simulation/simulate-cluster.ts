import { Tally } from '../tally.js';
import type { ObservedLife } from '../oracle.js';
import type { ClusterPlan } from './pod-plan.js';
import { SampleBook, type WrittenSeries } from './sample-book.js';
import { SimulatedPod } from './simulated-pod.js';

/** What came of a scene. */
export interface SimulatedCluster {
  /** What the servers have to be given. */
  readonly series: readonly WrittenSeries[];
  /** What really happened, as far as it was scraped. */
  readonly lives: readonly ObservedLife[];
  /** All that the load generator sent, by the version under whose label the pod was then. */
  readonly sent: ReadonlyMap<string, Tally>;
}

/** Plays a scene whose canary's first minute begins at an instant: a scene has the same requests each time. */
export function simulateCluster(plan: ClusterPlan, zeroMs: number): SimulatedCluster {
  const book = new SampleBook();
  const lives: ObservedLife[] = [];
  const sent = new Map<string, Tally>();
  for (const podPlan of plan.pods) {
    const pod = new SimulatedPod(plan, podPlan, zeroMs, book);
    pod.play();
    lives.push(...pod.lives);
    for (const [version, tally] of pod.sent) {
      sent.set(version, (sent.get(version) ?? new Tally()).plus(tally));
    }
  }
  return { series: book.series(), lives, sent };
}
