import { CountingPod, type PodShape } from '../../../support/fleet/counting-pod.js';
import type { WrittenSeries } from '../../../support/prometheus/simulation/sample-book.js';

const minuteMs = 60_000;

/** Looks that a canary has behind it when it is asked about for the first time. */
export const looksBehind = 40;

/** Minutes that follow, for questions a little later. */
const minutesAhead = 6;

export const scrapeSeconds = 15;

/** How a canary is, whose counters a server has. */
export interface CanaryPlan {
  /** Whose series they are. */
  readonly namespace: string;
  readonly podsOfVersion?: number;
  readonly scrapeSeconds?: number;
  readonly looks?: number;
  /** One request in so many fails in the canary. Absent: none. */
  readonly failsEvery?: number;
  /** The canary's pods are gone after this many looks. */
  readonly endsAfterLooks?: number;
}

const plainShape = {
  latencyBoundsMs: [5, 10, 25, 50, 75, 100, 150, 200, 250, 500, 1000, 2500, 5000, 10_000],
  scoreEdges: [0.2, 0.4, 0.6, 0.8, 1],
  outcomes: [],
} satisfies Partial<PodShape>;

/** What is scraped of a canary and its stable version; the first look that is asked about ends at `endMs`. */
export function canarySeries(plan: CanaryPlan, endMs: number): readonly WrittenSeries[] {
  const { namespace, podsOfVersion = 2, looks = looksBehind, endsAfterLooks = Infinity } = plan;
  const zeroMs = endMs - looks * minuteMs;
  const everyMs = (plan.scrapeSeconds ?? scrapeSeconds) * 1000;
  return ['v1', 'v2'].flatMap((version) =>
    Array.from({ length: podsOfVersion }, (_, index) => {
      const isCanary = version === 'v2';
      const fromMs = isCanary ? zeroMs : zeroMs - 5 * minuteMs;
      const pod = new CountingPod({
        ...plainShape,
        labels: {
          job: `${namespace}/models`,
          instance: `${version}-${index}`,
          namespace,
          pod: version,
          version,
        },
        startedMs: isCanary ? fromMs : fromMs - 100 * minuteMs,
      });
      const goneMs = isCanary ? zeroMs + endsAfterLooks * minuteMs : Infinity;
      const lastMs = Math.min(goneMs, endMs + minutesAhead * minuteMs);
      let served = 0;
      // What is scraped as a look ends is of that look: the first scrapes come later.
      const firstMs = fromMs + 1000 + index;
      for (let atMs = firstMs; atMs <= lastMs; atMs += everyMs) {
        for (let request = 0; request < 20 * (everyMs / 15_000); request++) {
          served++;
          const failed = isCanary && plan.failsEvery !== undefined && served % plan.failsEvery === 0;
          const latencyMs = 10 + (served % 7) * 8;
          pod.serve(failed ? { failed, latencyMs } : { latencyMs, score: (served % 10) / 10 });
        }
        pod.scrape(atMs);
      }
      if (goneMs < Infinity) pod.vanish(lastMs + everyMs);
      return pod.takeSeries();
    }).flat(),
  );
}
