import type { FastClock } from '../../../support/service/fast-clock.js';
import type { AnalysisRunState } from '../cluster/analysis-run-state.js';
import type { ArgoCluster } from '../cluster/argo-cluster.js';
import type { RolloutState } from '../cluster/rollout-state.js';
import { CanaryTraffic } from '../traffic/canary-traffic.js';
import { characters, type CharacterName } from '../traffic/characters.js';
import { serviceTokens, type VerdictService } from '../traffic/start-verdict-service.js';
import { shippedObjects, unwatched, withFigures, withNames, type Shortening } from './shipped-files.js';

/** The name of the Rollout and of the model in all shipped files. */
const shippedName = 'fraud-detector';

/** What a scenario is played with. */
export interface StageParts {
  readonly cluster: ArgoCluster;
  readonly clock: FastClock;
  readonly service: VerdictService;
}

export interface StageOptions {
  /** Its namespace. */
  readonly name: string;
  /** The name of the model and its Rollout, where it is not that of the shipped files. */
  readonly model?: string;
  /** Whether others are in the namespace already. */
  readonly isJoining?: true;
  /** What the canary is like. */
  readonly character: CharacterName;
  /** Shipped files, in the order in which they are applied. */
  readonly files: readonly string[];
  /** Where the controller reaches the service, where that is not the service itself. */
  readonly verdictUrl?: string;
  readonly holds?: number;
  readonly requestsPerLook?: number;
  /** Whether nothing watches beside the steps, so that only they can find anything. */
  readonly isUnwatched?: true;
  /** Arguments of the steps' analyses beside those that are there. */
  readonly figures?: Readonly<Record<string, string>>;
  /** Another template for the steps than the Rollout names. */
  readonly stepTemplate?: string;
}

/** Longer than any scenario takes on a busy machine. */
const patienceMs = 420_000;

/** A namespace with a shipped Rollout in it and the traffic of its model. */
export class Stage {
  readonly namespace: string;
  /** The name of the Rollout and of its model. */
  readonly model: string;
  readonly traffic: CanaryTraffic;
  readonly #parts: StageParts;
  readonly #options: StageOptions;
  readonly #characters = new Map<string, CharacterName>();
  #firstHash = '';

  private constructor(parts: StageParts, options: StageOptions) {
    const { cluster, clock, service } = parts;
    const { name: namespace, model = shippedName } = options;
    const rollout = () => cluster.rolloutNow(namespace, model);
    this.namespace = namespace;
    this.model = model;
    this.#parts = parts;
    this.#options = options;
    this.traffic = new CanaryTraffic({
      clock,
      url: () => service.url,
      token: serviceTokens.ingest,
      namespace,
      model,
      requestsPerLook: options.requestsPerLook ?? 3000,
      stableNow: () => stableHash(rollout()),
      canaryNow: () => rollout()?.currentHash,
      weightNow: () => rollout()?.currentShare ?? 0,
      characterOf: (version) => {
        const name = this.#characters.get(version) ?? options.character;
        return characters[name];
      },
    });
  }

  /** Applies the files, waits until the first version serves everybody, and lets some minutes of its traffic pass. */
  static async open(parts: StageParts, options: StageOptions): Promise<Stage> {
    const stage = new Stage(parts, options);
    await stage.#open();
    return stage;
  }

  /** Deploys the next version: what the canary is like. */
  async release(version = 'v2'): Promise<void> {
    await this.#parts.cluster.newVersion(this.namespace, this.model, version);
  }

  /** From now on a version is like this. Requests that were played are as they were. */
  become(version: string, character: CharacterName): void {
    this.#characters.set(version, character);
    this.traffic.forget(version);
  }

  /** The hash of the version that everybody had before. */
  get firstHash(): string {
    return this.#firstHash;
  }

  /** As the Rollout is now. */
  read(): Promise<RolloutState> {
    return this.#parts.cluster.readRollout(this.namespace, this.model);
  }

  waitFor(what: string, isThere: (state: RolloutState) => boolean): Promise<RolloutState> {
    return this.#parts.cluster.waitForRollout(this.namespace, this.model, isThere, {
      withinMs: patienceMs,
      what,
    });
  }

  /** The analysis runs of this Rollout, newest first. */
  async runs(): Promise<readonly AnalysisRunState[]> {
    const runs = await this.#parts.cluster.readAnalysisRuns(this.namespace);
    return runs.filter(({ name }) => name.startsWith(`${this.model}-`)).reverse();
  }

  /** Those of the steps, in the order of the steps. */
  async stepRuns(): Promise<readonly AnalysisRunState[]> {
    return (await this.runs()).filter(({ type }) => type === 'Step').reverse();
  }

  /** What a person sees who asks for the rollout. */
  look(): Promise<string> {
    return this.#parts.cluster.plugin(['get', 'rollout', this.model, '-n', this.namespace]);
  }

  /** Ends the traffic; the namespace stays for whoever wants to look. */
  close(): void {
    this.traffic.abandon();
  }

  async #open(): Promise<void> {
    const { cluster, clock, service } = this.#parts;
    const { files, verdictUrl = service.url, holds, isJoining } = this.#options;
    const shortening: Shortening = {
      factor: clock.factor,
      verdictUrl,
      ...(holds === undefined ? {} : { holds }),
    };
    if (isJoining !== true) await cluster.createNamespace(this.namespace);
    const objects = files
      .flatMap((file) => shippedObjects(file, shortening))
      .map((object) => this.#adapt(object));
    await cluster.apply([...this.#secrets(), ...objects], { namespace: this.namespace });
    const first = await this.waitFor(
      'serving its first version',
      ({ phase, stableHash }) => phase === 'Healthy' && stableHash !== '',
    );
    this.#firstHash = first.stableHash;
    this.traffic.start();
  }

  #adapt(object: object): object {
    const { isUnwatched, stepTemplate, figures = {} } = this.#options;
    const steps = stepTemplate === undefined ? {} : { 'ml-model-metrics': stepTemplate };
    const renamed = withFigures(withNames(object, { [shippedName]: this.model, ...steps }), figures);
    return isUnwatched === true ? unwatched(renamed) : renamed;
  }

  #secrets(): readonly object[] {
    const secret = (name: string, token: string) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name },
      stringData: { token },
    });
    return [
      secret('ml-verdict-token', serviceTokens.verdict),
      secret('ml-verdict-ingest-token', serviceTokens.ingest),
    ];
  }
}

function stableHash(state: RolloutState | undefined): string | undefined {
  return state === undefined || state.stableHash === '' ? undefined : state.stableHash;
}
