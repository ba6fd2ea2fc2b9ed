import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { minuteMs } from '../../simulation/minute-span.js';
import { freePort } from '../free-port.js';
import type { MetricServer, MetricServerKind } from '../metric-server.js';
import { ScrapeTargets } from '../scrape-targets.js';
import type { ClusterPlan } from '../simulation/pod-plan.js';
import { startServer } from '../start-servers.js';
import { LivePod } from './live-pod.js';

/** So long before the first whole minute real servers and pods are to be there. */
const leadMs = 20_000;

export interface LiveRunOptions {
  readonly plans: readonly ClusterPlan[];
  readonly scrapeSeconds: number;
  readonly servers: readonly MetricServerKind[];
}

/** Clusters that are played in real time, all at once, while real servers scrape the same pods. */
export class LiveRun {
  /** The start of the first whole minute. */
  readonly zeroMs: number;
  readonly servers: ReadonlyMap<MetricServerKind, MetricServer>;
  readonly #pods: ReadonlyMap<string, readonly LivePod[]>;
  readonly #folder: string;
  readonly #ending = new AbortController();
  readonly #played: Promise<unknown>;

  private constructor(
    zeroMs: number,
    servers: ReadonlyMap<MetricServerKind, MetricServer>,
    pods: ReadonlyMap<string, readonly LivePod[]>,
    folder: string,
  ) {
    this.zeroMs = zeroMs;
    this.servers = servers;
    this.#pods = pods;
    this.#folder = folder;
    this.#played = Promise.all([...pods.values()].flat().map((pod) => pod.play(this.#ending.signal)));
    // Whoever waits for the end is told; until then nobody does.
    this.#played.catch(() => undefined);
  }

  /** Starts servers and pods; resolves once they run. */
  static async start({ plans, scrapeSeconds, servers }: LiveRunOptions): Promise<LiveRun> {
    const folder = await mkdtemp(join(tmpdir(), 'ml-verdict-live-'));
    const targets = new ScrapeTargets(join(folder, 'targets.json'));
    const scrape = { targetFiles: [targets.file], intervalSeconds: scrapeSeconds };
    const started = await Promise.all(
      servers.map(async (kind) => [kind, await startServer(kind, { scrape })] as const),
    );
    const zeroMs = Math.ceil((Date.now() + leadMs) / minuteMs) * minuteMs;
    const pods = new Map<string, readonly LivePod[]>();
    for (const plan of plans) {
      const some: LivePod[] = [];
      for (const pod of plan.pods) {
        some.push(new LivePod(plan, pod, { port: await freePort(), zeroMs, targets, folder }));
      }
      pods.set(plan.id, some);
    }
    return new LiveRun(zeroMs, new Map(started), pods, folder);
  }

  /** Resolves once all plans have been played to their end. */
  async played(): Promise<void> {
    await this.#played;
  }

  /** The pods of a plan. */
  pods(plan: string): readonly LivePod[] {
    return this.#pods.get(plan) ?? [];
  }

  /** Ends everything, whatever has been played. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#played.catch(() => undefined);
    for (const pods of this.#pods.values()) for (const pod of pods) await pod.end();
    for (const server of this.servers.values()) await server.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
