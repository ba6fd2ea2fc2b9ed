import { Draw } from '../../simulation/draw.js';
import { defaultExposure, exposedSeries, type Exposure } from '../exposure.js';
import { drawRequest } from '../load.js';
import type { ObservedLife, SeenScrape } from '../oracle.js';
import { Tally, type SentRequest } from '../tally.js';
import { podEvents, type PodEvent } from './pod-events.js';
import type { ClusterPlan, Life, PodPlan, Replica, TargetSpan } from './pod-plan.js';
import type { SampleBook } from './sample-book.js';

/** A process that runs. */
interface Running {
  readonly tally: Tally;
  /** What it had served when the scene began to look at it. */
  readonly servedBefore: Tally;
  readonly startedMs: number;
  /** Whether a server that sees it for the first time can know that nothing was served before. */
  readonly tellsItsStart: boolean;
  /** Its times under the labels that it has had, by these: what comes back under the same ones goes on. */
  readonly times: Map<string, Present>;
  /** The one of now; absent while it is no target. */
  present?: Present;
}

interface Present {
  readonly version: string;
  readonly countsFromZero: boolean;
  readonly carried: Tally;
  readonly scrapes: SeenScrape[];
  served: Tally;
}

/** Plays what happens to one pod: it serves, and it is scraped. */
export class SimulatedPod {
  readonly lives: ObservedLife[] = [];
  readonly sent = new Map<string, Tally>();
  readonly #plan: ClusterPlan;
  readonly #pod: PodPlan;
  readonly #zeroMs: number;
  readonly #book: SampleBook;
  readonly #draw: Draw;
  readonly #exposure: Exposure;
  #running: Running | undefined;
  #span: TargetSpan | undefined;
  /** The labels under which a scrape found a process of this pod. */
  #scrapedSpan: TargetSpan | undefined;

  constructor(plan: ClusterPlan, pod: PodPlan, zeroMs: number, book: SampleBook) {
    this.#plan = plan;
    this.#pod = pod;
    this.#zeroMs = zeroMs;
    this.#book = book;
    this.#draw = new Draw(`${plan.id}/${pod.address}`);
    this.#exposure = pod.exposure ?? defaultExposure;
  }

  play(): void {
    for (const event of podEvents(this.#plan, this.#pod, this.#draw)) this.#happen(event);
    this.#end();
  }

  #happen(event: PodEvent): void {
    switch (event.kind) {
      case 'start':
        this.#running = this.#start(event.life);
        this.#comeUnderLabels();
        break;
      case 'end':
        this.#end();
        break;
      case 'labels':
        this.#leaveLabels();
        this.#span = event.span;
        this.#comeUnderLabels();
        break;
      case 'request':
        this.#serve(event.request);
        break;
      case 'scrape':
        this.#scrape(event.replica, event.atMs);
        break;
    }
  }

  #start(life: Life): Running {
    const tally = new Tally();
    for (let left = life.older?.requests ?? 0; left > 0; left--) tally.add(drawRequest(this.#draw));
    const startedMs = this.#zeroMs + (life.from - (life.older?.seconds ?? 0)) * 1000;
    // A process before this one, seen under the same labels, tells by its higher counts that this one is new.
    const followsAnother = this.#span !== undefined && this.#scrapedSpan === this.#span;
    const isKnown = this.#exposure.startMetric !== undefined || followsAnother;
    const tellsItsStart = life.older === undefined && isKnown;
    return { tally, servedBefore: tally.copy(), startedMs, tellsItsStart, times: new Map() };
  }

  #end(): void {
    this.#leaveLabels();
    this.lives.push(...(this.#running?.times.values() ?? []));
    this.#running = undefined;
  }

  #comeUnderLabels(): void {
    const running = this.#running;
    if (running === undefined || this.#span === undefined) return;
    const labels = JSON.stringify(this.#span.labels);
    const isFirst = running.times.size === 0;
    running.present = running.times.get(labels) ?? {
      version: this.#version(),
      countsFromZero: running.tellsItsStart && isFirst,
      carried: isFirst ? running.servedBefore : running.tally.copy(),
      scrapes: [],
      served: running.tally,
    };
    running.times.set(labels, running.present);
  }

  #leaveLabels(): void {
    if (this.#running?.present === undefined) return;
    this.#running.present.served = this.#running.tally.copy();
    delete this.#running.present;
  }

  #serve(request: SentRequest): void {
    if (this.#running === undefined) return;
    this.#running.tally.add(request);
    const version = this.#version();
    const sent = this.sent.get(version) ?? new Tally();
    this.sent.set(version, sent);
    sent.add(request);
  }

  #scrape(replica: Replica, atMs: number): void {
    const collector = JSON.stringify([this.#plan.id, this.#pod.address, replica.labels]);
    const timeMs = this.#zeroMs + atMs + (replica.skewSeconds ?? 0) * 1000;
    const isDown = (replica.down ?? []).some(([from, until]) => atMs >= from * 1000 && atMs < until * 1000);
    if (isDown) this.#book.forgotten(collector);
    else if (this.#span === undefined) this.#book.gone(collector, timeMs);
    else {
      const target = {
        // As a PodMonitor names its job: addresses are only unique within.
        ...{ job: `${this.#plan.id}/models`, instance: this.#pod.address, namespace: this.#plan.id },
        ...this.#span.labels,
        ...replica.labels,
      };
      if (this.#running === undefined) this.#book.failed(collector, target, timeMs);
      else {
        const { tally, present, startedMs } = this.#running;
        present?.scrapes.push({ timeMs, tally: tally.copy() });
        this.#scrapedSpan = this.#span;
        this.#book.scraped(collector, target, timeMs, exposedSeries(tally, this.#exposure, startedMs));
      }
    }
  }

  /** The version that its label says, or will say. */
  #version(): string {
    return this.#span?.labels['version'] ?? this.#pod.version;
  }
}
