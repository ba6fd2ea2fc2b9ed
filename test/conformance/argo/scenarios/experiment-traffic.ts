import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { CanaryTraffic } from '../traffic/canary-traffic.js';
import { champion, characters } from '../traffic/characters.js';
import { serviceTokens } from '../traffic/start-verdict-service.js';
import { rolloutName, type StageParts } from './stage.js';

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

const pollMs = 250;

/** The requests that the pods of an experiment get: half of them each version, as their hashes come and go. */
export class ExperimentTraffic {
  readonly #parts: StageParts;
  readonly #namespace: string;
  readonly #traffic: CanaryTraffic;
  #hashes: { readonly baseline: string; readonly canary: string } | undefined;
  #isClosed = false;
  #following: Promise<void> | undefined;
  wasPlayed = false;

  constructor(parts: StageParts, namespace: string) {
    this.#parts = parts;
    this.#namespace = namespace;
    this.#traffic = new CanaryTraffic({
      clock: parts.clock,
      url: () => parts.service.url,
      token: serviceTokens.ingest,
      namespace,
      model: rolloutName,
      sender: 'experiment',
      requestsPerLook: 1500,
      stableNow: () => this.#hashes?.baseline,
      canaryNow: () => this.#hashes?.canary,
      weightNow: () => 0.5,
      characterOf: (version) => (version === this.#hashes?.baseline ? champion : characters.healthy),
    });
    this.#traffic.start();
    this.#following = this.#follow();
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
      this.wasPlayed ||= this.#hashes !== undefined;
      await pause(pollMs);
    }
  }
}

function runningHashes(list: unknown): { readonly baseline: string; readonly canary: string } | undefined {
  const { items } = replicaSets.parse(list);
  const hashOf = (template: string) =>
    items.find(
      ({ metadata, status }) =>
        metadata.annotations['experiment.argoproj.io/template-name'] === template &&
        status.availableReplicas > 0,
    )?.metadata.labels['rollouts-pod-template-hash'];
  const [baseline, canary] = [hashOf('baseline'), hashOf('canary')];
  return baseline === undefined || canary === undefined ? undefined : { baseline, canary };
}
