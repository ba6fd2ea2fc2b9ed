import { createAlertDispatcher, type AlertDispatcher } from '../alerts/index.js';
import type { AlertReceiver } from '../alerts/alert-receiver.js';
import type { ClusterApi } from '../cluster/cluster-api.js';
import type { ClusterWatch, WatchEvent } from '../cluster/cluster-watch.js';
import type { KubernetesObject } from '../cluster/kubernetes-object.js';
import type { StageJudge } from '../driver/stage-judge.js';
import { modelRolloutKind } from '../resource/model-rollout-kind.js';
import { parseModelRollout } from '../resource/parse-model-rollout.js';
import type { TargetKind } from '../targets/target-kind.js';
import { alertObserver } from './alert-observer.js';
import type { ControllerLog } from './controller-log.js';
import type { ControllerMetrics } from './controller-metrics.js';
import { claimOf } from './claim.js';
import { ManagedRollout } from './managed-rollout.js';
import { PlaceOwners } from './place-owners.js';
import { RoundQueue } from './round-queue.js';
import { TargetWatches } from './target-watches.js';

/** What a term as the leader works with. */
export interface TermParts {
  readonly api: ClusterApi;
  readonly watch: ClusterWatch;
  readonly judge: StageJudge;
  readonly kinds: readonly TargetKind[];
  /** Template of links, for rollouts that name none of their own. */
  readonly alertLink?: string;
  /** Made anew for every term: they are closed at its end. */
  readonly receivers: () => readonly AlertReceiver[];
  /** Empty: the whole cluster. */
  readonly namespaces: readonly string[];
  readonly now: () => number;
  readonly chance: () => number;
  readonly log: ControllerLog;
  readonly metrics: ControllerMetrics;
  readonly concurrency: number;
  readonly tickMs?: number;
}

/** A target's controller writes its status several times in a row: one reading is enough for all. */
const togetherMs = 200;
/** Alerts are forgotten some at a time. */
const forgetMs = 1_000;
const lastAlertsMs = 2_000;

/** Drives all ModelRollouts for as long as this process leads. */
export class RolloutsTerm {
  readonly #parts: TermParts;
  readonly #signal: AbortSignal;
  readonly #rollouts = new Map<string, ManagedRollout>();
  readonly #queue: RoundQueue;
  readonly #targets: TargetWatches;
  readonly #alerts: AlertDispatcher;
  readonly #owners: PlaceOwners;
  /** What is told by the API server; undefined: the whole cluster. */
  readonly #scopes: readonly (string | undefined)[];
  readonly #watched = new Set<string | undefined>();

  constructor(parts: TermParts, signal: AbortSignal) {
    const { now, metrics, log, concurrency, tickMs, receivers, watch, namespaces } = parts;
    this.#parts = parts;
    this.#signal = signal;
    this.#scopes = namespaces.length === 0 ? [undefined] : [...new Set(namespaces)];
    this.#queue = new RoundQueue({
      concurrency,
      now,
      ...(tickMs === undefined ? {} : { tickMs }),
      round: async (key) => this.#rollouts.get(key)?.round(signal),
      onDepth: (waiting) => {
        metrics.queue(waiting);
      },
    });
    this.#owners = new PlaceOwners((waiting) => {
      for (const key of waiting) this.#queue.wake(key);
    });
    this.#targets = new TargetWatches({
      watch,
      namespaces,
      log,
      onChange: (rollouts) => {
        for (const key of rollouts) this.#queue.wakeBy(key, now() + togetherMs);
      },
    });
    this.#alerts = createAlertDispatcher({
      receivers: receivers(),
      now,
      observer: alertObserver(metrics, log),
      onSettled: (uid, key) => {
        this.#forget(uid, key);
      },
    });
  }

  /** Until the signal is aborted and all that was begun has ended. */
  async run(): Promise<void> {
    const { watch } = this.#parts;
    await Promise.all(
      this.#scopes.map((namespace) =>
        watch.follow(
          { ...modelRolloutKind, namespace },
          (event) => {
            this.#take(event, namespace);
          },
          this.#signal,
        ),
      ),
    );
    await Promise.all([this.#queue.stop(), this.#targets.stop()]);
    for (const rollout of this.#rollouts.values()) rollout.drop();
    await this.#alerts.close(lastAlertsMs);
  }

  #take(event: WatchEvent, namespace: string | undefined): void {
    const { log } = this.#parts;
    switch (event.kind) {
      case 'listed':
        this.#watching(namespace, true);
        this.#takeAll(event.objects, namespace);
        return;
      case 'changed':
        this.#claim(event.object);
        this.#takeOne(event.object);
        return;
      case 'removed':
        this.#remove(keyOf(event.object));
        return;
      case 'away':
        this.#watching(namespace, false);
        log.warn({ plural: modelRolloutKind.plural, reason: event.reason }, 'cannot watch');
        return;
      case 'back':
        this.#watching(namespace, true);
        log.info({ plural: modelRolloutKind.plural }, 'watching again');
    }
  }

  /** One scope that is away leaves a part of the rollouts unheard. */
  #watching(scope: string | undefined, isUp: boolean): void {
    if (isUp) this.#watched.add(scope);
    else this.#watched.delete(scope);
    this.#parts.metrics.watching(this.#watched.size === this.#scopes.length);
  }

  #takeAll(objects: readonly KubernetesObject[], namespace: string | undefined): void {
    const there = new Set(objects.map(keyOf));
    for (const key of [...this.#rollouts.keys()]) {
      const isOfScope = namespace === undefined || key.startsWith(`${namespace}/`);
      if (isOfScope && !there.has(key)) this.#remove(key);
    }
    // Whose turn it is shows in all of them together.
    for (const object of objects) this.#claim(object);
    for (const object of objects) this.#takeOne(object);
  }

  /** What is no news says nothing new of its claim either: who drives it knows more. Another under the same name replaces it. */
  #claim(object: KubernetesObject): void {
    const key = keyOf(object);
    const known = this.#rollouts.get(key);
    if (known !== undefined && known.uid !== object.metadata.uid) this.#remove(key);
    else if (known !== undefined && !known.isNews(object)) return;
    const { kinds } = this.#parts;
    this.#owners.claim(key, claimOf(object, parseModelRollout(object, { kinds }), kinds));
  }

  #takeOne(object: KubernetesObject): void {
    const key = keyOf(object);
    const known = this.#rollouts.get(key);
    if (known?.uid === object.metadata.uid) {
      if (!known.isNews(object)) return;
      known.readAgain(object);
      this.#queue.wake(key);
      return;
    }
    const rollout = this.#manage(object);
    this.#rollouts.set(key, rollout);
    if (rollout.takeOn(object)) this.#queue.wake(key);
  }

  #manage(object: KubernetesObject): ManagedRollout {
    return new ManagedRollout(
      {
        ...this.#parts,
        owners: this.#owners,
        onAlert: (message) => {
          this.#alerts.offer(message);
        },
        wake: (key) => {
          this.#queue.wake(key);
        },
        onTarget: (key, place) => {
          if (place === null) this.#targets.leave(key);
          else this.#targets.use(key, place);
        },
      },
      object,
    );
  }

  #remove(key: string): void {
    const rollout = this.#rollouts.get(key);
    if (rollout === undefined) return;
    this.#rollouts.delete(key);
    this.#queue.forget(key);
    rollout.gone();
  }

  #forget(uid: string, alertKey: string): void {
    for (const [key, rollout] of this.#rollouts) {
      if (rollout.uid !== uid) continue;
      rollout.acknowledge(alertKey);
      this.#queue.wakeBy(key, this.#parts.now() + forgetMs);
      return;
    }
  }
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
