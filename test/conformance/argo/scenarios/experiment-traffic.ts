import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { CanaryTraffic } from '../traffic/canary-traffic.js';
import { champion, characters } from '../traffic/characters.js';
import { serviceTokens } from '../traffic/start-verdict-service.js';
import type { StageParts } from './stage.js';

/** The pods of one version in an experiment. */
const replicaSets = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        labels: z.object({ 'rollouts-pod-template-hash': z.string() }),
        annotations: z.object({ 'experiment.argoproj.io/template-name': z.string().optional() }),
      }),
      status: z.object({ availableReplicas: z.number().default(0) }),
    }),
  ),
});

/** The hashes of the baseline, which stands for the stable version, and of the canary. */
export interface Hashes {
  readonly stable: string;
  readonly canary: string;
}

const analysisRun = z.object({
  spec: z.object({ args: z.array(z.object({ name: z.string(), value: z.string().optional() })) }),
});

const pollMs = 250;

/** The requests that the pods of an experiment get: half of them each version, as their hashes come and go. */
export class ExperimentTraffic {
  readonly #parts: StageParts;
  readonly #namespace: string;
  readonly #traffic: CanaryTraffic;
  /** While both are there. */
  #hashes: Hashes | undefined;
  #played: Hashes | undefined;
  #isClosed = false;
  #following: Promise<void> | undefined;

  constructor(parts: StageParts, namespace: string) {
    this.#parts = parts;
    this.#namespace = namespace;
    this.#traffic = new CanaryTraffic({
      clock: parts.clock,
      url: () => parts.service.url,
      token: serviceTokens.ingest,
      namespace,
      model: 'fraud-detector',
      sender: 'experiment',
      requestsPerLook: 1500,
      stableNow: () => this.#hashes?.stable,
      canaryNow: () => this.#hashes?.canary,
      weightNow: () => 0.5,
      characterOf: (version) => (version === this.#hashes?.stable ? champion : characters.healthy),
    });
    this.#traffic.start();
    this.#following = this.#follow();
  }

  /** Of the pods that had requests; undefined where there were none. */
  get playedHashes(): Hashes | undefined {
    return this.#played;
  }

  /** Which hashes an analysis run asked about. */
  async askedHashes(run: string): Promise<Hashes> {
    const object = await this.#parts.cluster.get('analysisrun', run, this.#namespace);
    const { args } = analysisRun.parse(object).spec;
    const valueOf = (wanted: string) => args.find(({ name }) => name === wanted)?.value ?? '';
    return { stable: valueOf('stable-hash'), canary: valueOf('canary-hash') };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#traffic.abandon();
    await this.#following;
  }

  async #follow(): Promise<void> {
    const path = `/apis/apps/v1/namespaces/${this.#namespace}/replicasets`;
    while (!this.#isClosed) {
      this.#hashes = runningHashes(await this.#parts.cluster.api.ask(path));
      this.#played ??= this.#hashes;
      await pause(pollMs);
    }
  }
}

function runningHashes(list: unknown): Hashes | undefined {
  const { items } = replicaSets.parse(list);
  const hashOf = (template: string) =>
    items.find(
      ({ metadata, status }) =>
        metadata.annotations['experiment.argoproj.io/template-name'] === template &&
        status.availableReplicas > 0,
    )?.metadata.labels['rollouts-pod-template-hash'];
  const [stable, canary] = [hashOf('baseline'), hashOf('canary')];
  return stable === undefined || canary === undefined ? undefined : { stable, canary };
}
