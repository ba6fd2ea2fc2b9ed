import { setTimeout as pause } from 'node:timers/promises';
import type { KnativeBehaviour } from './knative-behaviour.js';
import type { KnativeService } from './knative-service.js';
import { resolveTraffic, type LatestRollout } from './resolve-traffic.js';

/** What a {@link FakeService} can do to the cluster. */
export interface FakeServiceHands {
  /** Writes the status of the Knative Service, however often it has to be tried. */
  readonly tell: (status: object) => Promise<void>;
  /** Puts a pod there that could not load the model of a revision. */
  readonly breakPod: (revision: string, message: string) => Promise<void>;
}

/** So often a share changes while traffic goes over gradually. */
const rolloutSteps = 8;

/** One Knative Service: makes revisions of its templates and says where its traffic goes. */
export class FakeService {
  readonly #name: string;
  readonly #behaviour: () => KnativeBehaviour;
  readonly #hands: FakeServiceHands;
  #seen: KnativeService | undefined;
  #template: string | undefined;
  #revisions = 0;
  #created: string | undefined;
  #ready: string | undefined;
  #failure: string | undefined;
  #rollout: LatestRollout | undefined;
  /** Everything that was told, one after the other. */
  #telling: Promise<void> = Promise.resolve();

  constructor(name: string, behaviour: () => KnativeBehaviour, hands: FakeServiceHands) {
    this.#name = name;
    this.#behaviour = behaviour;
    this.#hands = hands;
  }

  /** Takes over what is asked for; does nothing where that is what it was, or where it is silent. */
  see(service: KnativeService): void {
    const behaviour = this.#behaviour();
    if (behaviour.isSilent === true) return;
    if (this.#seen?.metadata.generation === service.metadata.generation) return;
    this.#seen = service;
    const template = JSON.stringify(service.spec.template);
    if (template === this.#template) {
      this.#tell();
      return;
    }
    this.#template = template;
    const { routeFirstMs = 0 } = behaviour;
    if (routeFirstMs === 0) {
      this.#mint();
      return;
    }
    this.#tell();
    void pause(routeFirstMs).then(() => {
      this.#mint();
    });
  }

  /** Resolves when all is told that there is to tell by now. */
  settled(): Promise<void> {
    return this.#telling;
  }

  #mint(): void {
    const { readyAfterMs = 0, loadFailure } = this.#behaviour();
    const revision = `${this.#name}-${String(++this.#revisions).padStart(5, '0')}`;
    this.#created = revision;
    this.#failure = loadFailure;
    if (loadFailure !== undefined) {
      this.#telling = this.#telling.then(() => this.#hands.breakPod(revision, loadFailure));
    } else if (readyAfterMs === 0) {
      this.#becomeReady(revision);
      return;
    } else if (readyAfterMs !== 'never') {
      void pause(readyAfterMs).then(() => {
        this.#becomeReady(revision);
      });
    }
    this.#tell();
  }

  #becomeReady(revision: string): void {
    // A newer one has taken its place meanwhile.
    if (this.#created !== revision) return;
    const from = this.#ready;
    this.#ready = revision;
    const { rolloutMs = 0 } = this.#behaviour();
    if (rolloutMs > 0 && from !== undefined) void this.#goOver(from, rolloutMs);
    else this.#tell();
  }

  async #goOver(from: string, rolloutMs: number): Promise<void> {
    const to = this.#ready;
    for (let step = 0; step < rolloutSteps; step++) {
      this.#rollout = { from, done: step / rolloutSteps };
      this.#tell();
      await pause(rolloutMs / rolloutSteps);
      if (this.#ready !== to) return;
    }
    this.#rollout = undefined;
    this.#tell();
  }

  #tell(): void {
    const status = this.#status();
    this.#telling = this.#telling.then(() => this.#hands.tell(status));
  }

  #status(): object {
    const isConfigured = this.#created !== undefined && this.#created === this.#ready;
    const isRouted = this.#ready !== undefined && this.#rollout === undefined;
    const configuration =
      this.#failure === undefined
        ? condition('ConfigurationsReady', isConfigured ? 'True' : 'Unknown')
        : condition('ConfigurationsReady', 'False', 'RevisionFailed', this.#failure);
    const route = condition('RoutesReady', isRouted ? 'True' : 'Unknown');
    const ready =
      this.#failure === undefined
        ? condition('Ready', isConfigured && isRouted ? 'True' : 'Unknown')
        : condition('Ready', 'False', 'RevisionFailed', this.#failure);
    const host = `${this.#name}.${this.#seen?.metadata.namespace ?? ''}`;
    return {
      observedGeneration: this.#seen?.metadata.generation,
      url: `http://${host}.example.com`,
      address: { url: `http://${host}.svc.cluster.local` },
      latestCreatedRevisionName: this.#created,
      latestReadyRevisionName: this.#ready,
      traffic: resolveTraffic(this.#seen?.spec.traffic ?? [], this.#ready, this.#rollout),
      conditions: [configuration, ready, route],
    };
  }
}

function condition(type: string, status: 'True' | 'False' | 'Unknown', reason?: string, message?: string) {
  const why = reason === undefined ? {} : { reason, message };
  return { type, status, lastTransitionTime: new Date().toISOString(), ...why };
}
