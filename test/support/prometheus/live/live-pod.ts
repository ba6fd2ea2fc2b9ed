import { setTimeout as pause } from 'node:timers/promises';
import { Draw } from '../../simulation/draw.js';
import { startLocalPod, startProcessPod, type ExporterPod } from '../exporter/exporter-pod.js';
import { drawRequest } from '../load.js';
import type { ScrapeTargets } from '../scrape-targets.js';
import { podEvents, type PodEvent } from '../simulation/pod-events.js';
import type { ClusterPlan, Life, PodPlan } from '../simulation/pod-plan.js';
import type { SentRequest, Tally } from '../tally.js';

/** Requests that are due within this time are sent together. */
const batchMs = 200;

/** Processes of one pod number their scrapes from multiples of this on. */
export const scrapesPerLife = 1_000_000;

/** One process that really ran. */
export interface LiveLife {
  readonly startedMs: number;
  /** Whether it had served something before the scene began to look at it. */
  readonly isOlder: boolean;
  readonly servedBefore: Tally;
  readonly pod: ExporterPod;
  endedMs?: number;
}

/** Plays in real time what happens to one pod. */
export class LivePod {
  /** As servers name it. */
  readonly instance: string;
  readonly lives: LiveLife[] = [];
  readonly #plan: ClusterPlan;
  readonly #pod: PodPlan;
  readonly #port: number;
  readonly #zeroMs: number;
  readonly #targets: ScrapeTargets;
  readonly #folder: string;
  readonly #draw: Draw;
  #batch: SentRequest[] = [];

  constructor(
    plan: ClusterPlan,
    pod: PodPlan,
    world: {
      readonly port: number;
      readonly zeroMs: number;
      readonly targets: ScrapeTargets;
      readonly folder: string;
    },
  ) {
    this.#plan = plan;
    this.#pod = pod;
    this.#port = world.port;
    this.#zeroMs = world.zeroMs;
    this.#targets = world.targets;
    this.#folder = world.folder;
    this.#draw = new Draw(`${plan.id}/${pod.address}`);
    this.instance = `127.0.0.1:${world.port}`;
  }

  /** Resolves once everything of the plan has happened, or the signal has ended it. */
  async play(signal: AbortSignal): Promise<void> {
    const events = podEvents(this.#plan, this.#pod, this.#draw);
    let batchUntilMs = -Infinity;
    for (const [index, event] of events.entries()) {
      const next = events[index + 1];
      if (event.kind === 'request') {
        if (this.#batch.length === 0) batchUntilMs = event.atMs + batchMs;
        this.#batch.push(event.request);
        if (next?.kind === 'request' && next.atMs <= batchUntilMs) continue;
      }
      await pause(Math.max(0, this.#zeroMs + event.atMs - Date.now()), undefined, { signal });
      await this.#happen(event);
    }
    await pause(Math.max(0, this.#zeroMs + this.#plan.until * 1000 - Date.now()), undefined, { signal });
  }

  /** Ends what still runs. */
  async end(): Promise<void> {
    const life = this.lives.at(-1);
    if (life === undefined || life.endedMs !== undefined) return;
    await life.pod.end();
    life.endedMs = Date.now();
  }

  async #happen(event: PodEvent): Promise<void> {
    switch (event.kind) {
      case 'start':
        await this.#start(event.life);
        break;
      case 'end':
        await this.end();
        break;
      case 'labels':
        if (event.span === undefined) this.#targets.remove(this.instance);
        else {
          const labels = { namespace: this.#plan.id, ...event.span.labels };
          this.#targets.set({ address: this.instance, labels });
        }
        break;
      case 'request':
        await this.lives.at(-1)?.pod.serve(this.#batch);
        this.#batch = [];
        break;
      case 'scrape':
        throw new Error('a live pod is scraped by real servers');
    }
  }

  async #start({ until, older }: Life): Promise<void> {
    const startedMs = Date.now() - (older?.seconds ?? 0) * 1000;
    const options = { port: this.#port, scrapesBefore: this.lives.length * scrapesPerLife, startedMs };
    const pod =
      until === undefined ? await startLocalPod(options) : await startProcessPod(options, this.#folder);
    await pod.serve(Array.from({ length: older?.requests ?? 0 }, () => drawRequest(this.#draw)));
    this.lives.push({ startedMs, isOlder: older !== undefined, servedBefore: pod.served.copy(), pod });
  }
}
