import type { WrittenSeries } from '../../support/prometheus/simulation/sample-book.js';
import { CountingPod, type ServedRequest } from '../../support/fleet/counting-pod.js';
import { Draw } from '../../support/simulation/draw.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Pods of both versions in a namespace of their own. */
export interface FleetPlan {
  readonly namespace: string;
  /** Looks since the canary began. */
  readonly looks: number;
  /** A pod of the canary is killed in this minute and starts again. */
  readonly restartMinute?: number;
}

export const [canaryVersion, stableVersion] = ['v2', 'v1'];
export const outcome = 'default';
export const scrapeIntervalMs = 30_000;

/** With the infinite one there are 14 of each. */
const latencyBoundsMs = [5, 10, 25, 50, 75, 100, 150, 200, 250, 500, 1000, 2500, 10_000];
const scoreEdges = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** The minutes in which the pods of the canary start: it is scaled up twice. Older pods are those of the stable version. */
const canaryStarts = [0, 0, 15, 30];
const stablePods = 16;
export const pods = canaryStarts.length + stablePods;

/** The minute in which the stable ones started: days before. */
const stableAge = -5000;

/** So long the scrapes go on after the last look that is asked for: longer than a measurement takes. */
const minutesAhead = 5;

/** The stable version is there for longer than looks before the canary are wanted. */
const leadMinutes = 36;

const perScrape = 90;

/**
 * Plays some fleets; their last looks end at an instant. Yields what was scraped hour by hour, of all of them together: servers take samples in
 * the order of their times.
 */
export function* playFleets(plans: readonly FleetPlan[], endMs: number): Generator<readonly WrittenSeries[]> {
  const playing = plans.flatMap((plan) => podsOf(plan, endMs));
  const fromMs = Math.min(...playing.map(({ nextMs }) => nextMs));
  for (let hourEndMs = fromMs + hourMs; ; hourEndMs += hourMs) {
    const untilMs = Math.min(hourEndMs, endMs + minutesAhead * minuteMs);
    yield playing.flatMap((pod) => pod.play(untilMs));
    if (untilMs < hourEndMs) return;
  }
}

/** How many samples some series have. */
export function sizeOf(series: readonly WrittenSeries[]): number {
  return series.reduce((sum, { samples }) => sum + samples.length, 0);
}

function podsOf({ namespace, looks, restartMinute }: FleetPlan, endMs: number): readonly ScrapedPod[] {
  const draw = new Draw(`fleet/${namespace}`);
  const patterns = Array.from({ length: 50 }, () => drawPattern(draw));
  const zeroMs = endMs - looks * minuteMs;
  return Array.from({ length: pods }, (_, index) => {
    const minute = canaryStarts[index];
    const version = minute === undefined ? stableVersion : canaryVersion;
    const startMs = zeroMs + (minute ?? stableAge) * minuteMs + 4000;
    const restartMs = zeroMs + (restartMinute ?? Infinity) * minuteMs + 20_000;
    return new ScrapedPod({
      labels: {
        ...{ job: `${namespace}/models`, instance: `10.0.0.${index + 1}:8080`, namespace },
        ...{ pod: `fraud-${version}-${index}`, version },
      },
      startsMs: index === 0 ? [startMs, restartMs] : [startMs],
      firstMs: zeroMs - leadMinutes * minuteMs + Math.floor(draw.uniform() * scrapeIntervalMs),
      patterns,
      draw,
    });
  });
}

/** A pod that is scraped at its own second. */
class ScrapedPod {
  /** Of its next scrape, whether it is there by then or not. */
  nextMs: number;
  readonly #labels: Readonly<Record<string, string>>;
  /** When its processes start, the first one first. */
  readonly #startsMs: number[];
  readonly #patterns: readonly Pattern[];
  readonly #draw: Draw;
  #process: CountingPod | undefined;

  constructor(parts: {
    readonly labels: Readonly<Record<string, string>>;
    readonly startsMs: readonly number[];
    readonly firstMs: number;
    readonly patterns: readonly Pattern[];
    readonly draw: Draw;
  }) {
    this.nextMs = parts.firstMs;
    this.#labels = parts.labels;
    this.#startsMs = [...parts.startsMs];
    this.#patterns = parts.patterns;
    this.#draw = parts.draw;
  }

  /** Serves and is scraped until an instant; answers what the scrapes found. */
  play(untilMs: number): readonly WrittenSeries[] {
    const found: WrittenSeries[] = [];
    for (; this.nextMs < untilMs; this.nextMs += scrapeIntervalMs) {
      while ((this.#startsMs[0] ?? Infinity) <= this.nextMs) {
        found.push(...(this.#process?.takeSeries() ?? []));
        const startedMs = this.#startsMs.shift() ?? 0;
        const shape = { startedMs, latencyBoundsMs, scoreEdges, outcomes: [outcome] };
        this.#process = new CountingPod({ labels: this.#labels, ...shape });
      }
      if (this.#process === undefined) continue;
      this.#serve(this.#process);
      this.#process.scrape(this.nextMs);
    }
    return [...found, ...(this.#process?.takeSeries() ?? [])].filter(({ samples }) => samples.length > 0);
  }

  #serve(process: CountingPod): void {
    for (const { request, value } of this.#patterns[this.#draw.between(0, this.#patterns.length - 1)] ?? []) {
      process.serve(request);
      if (value !== undefined) process.happen(outcome, value);
    }
  }
}

/** What a pod serves between two scrapes, with the outcome of each request. */
type Pattern = readonly { readonly request: ServedRequest; readonly value?: number }[];

function drawPattern(draw: Draw): Pattern {
  return Array.from({ length: draw.poisson(perScrape) }, () => {
    const latencyMs = 20 * Math.exp(draw.normal() * 0.6);
    if (draw.uniform() < 0.001) return { request: { failed: true, latencyMs } };
    const score = draw.uniform() ** 2;
    return { request: { latencyMs, score }, value: draw.uniform() < 0.9 ? 1 : 0 };
  });
}
