import { CanaryTraffic } from '../../argo/traffic/canary-traffic.js';
import { characters, type CharacterName } from '../../argo/traffic/characters.js';
import { serviceTokens } from '../../argo/traffic/start-verdict-service.js';
import type { ModelRolloutState } from '../driving/model-rollout.js';
import type { Platform } from './platform.js';
import type { PlayParts } from './play-parts.js';
import { Shares } from './shares.js';

export interface StageOptions {
  /** Its namespace. */
  readonly name: string;
  /** What the canary is like. */
  readonly character: CharacterName;
  readonly requestsPerLook?: number;
}

/** Longer than any scenario takes on a busy machine. */
const patienceMs = 420_000;

/** What no rollout goes on from by itself. */
const stops: readonly string[] = ['promoted', 'rolled-back', 'failed', 'paused'];

/** The name of the model, of what serves it, and of its rollout. */
export const modelName = 'fraud-detector';

/** A namespace with a model on a platform, the traffic that its two versions get, and its rollout. */
export class Stage {
  readonly namespace: string;
  readonly platform: Platform;
  readonly traffic: CanaryTraffic;
  readonly shares = new Shares();
  readonly #parts: PlayParts;
  readonly #end: () => void;

  private constructor(parts: PlayParts, options: StageOptions, platform: Platform) {
    const { clock, service } = parts;
    this.namespace = options.name;
    this.platform = platform;
    this.#parts = parts;
    this.traffic = new CanaryTraffic({
      clock,
      url: () => service.url,
      token: serviceTokens.ingest,
      namespace: options.name,
      model: modelName,
      requestsPerLook: options.requestsPerLook ?? 3000,
      stableNow: () => platform.split()?.stable,
      canaryNow: () => platform.split()?.canary,
      weightNow: () => (platform.split()?.percent ?? 0) / 100,
      characterOf: () => characters[options.character],
    });
    let firstCanary: string | undefined;
    this.#end = platform.onSplit(({ percent, stable, canary }) => {
      firstCanary ??= canary;
      const isPromoted = canary === undefined && stable === firstCanary;
      this.shares.note(isPromoted ? 100 : percent, clock.nowMs());
    });
  }

  /** Puts the first version there, waits until it serves everybody, and lets its traffic begin. */
  static async open(
    parts: PlayParts,
    options: StageOptions,
    makePlatform: (parts: PlayParts, namespace: string) => Promise<Platform>,
  ): Promise<Stage> {
    const stage = new Stage(parts, options, await makePlatform(parts, options.name));
    stage.traffic.start();
    return stage;
  }

  /** Begins the rollout: a ModelRollout with what differs from the defaults. */
  async begin(spec: object = {}): Promise<void> {
    await this.#parts.rollouts.create(this.namespace, modelName, { ...this.platform.rolloutSpec, ...spec });
  }

  /** Waits for a status of the rollout, also if it was there only for a moment. */
  waitFor(what: string, isThere: (state: ModelRolloutState) => boolean): Promise<ModelRolloutState> {
    return this.#parts.rollouts.waitFor(this.namespace, modelName, isThere, { withinMs: patienceMs, what });
  }

  /**
   * Waits until the rollout is in such a phase.
   * @throws Error where it ends, or waits for a person, in another one
   */
  async waitForPhase(phase: string): Promise<ModelRolloutState> {
    const state = await this.waitFor(phase, (one) => one.phase === phase || stops.includes(one.phase));
    if (state.phase === phase) return state;
    throw new Error(`${this.namespace} is ${state.phase}, and not ${phase}: ${state.message}`);
  }

  now(): ModelRolloutState | undefined {
    return this.#parts.rollouts.now(this.namespace, modelName);
  }

  /** The changes of the target that ml-verdict asked for and got, as they were sent, oldest first. */
  patches(): readonly string[] {
    return this.#parts.cluster.audit
      .patchesIn(this.namespace)
      .filter(({ status }) => status === 200)
      .map(({ body = '' }) => body);
  }

  /** Ends the traffic; the namespace stays for whoever wants to look. */
  close(): void {
    this.#end();
    this.traffic.abandon();
  }
}
