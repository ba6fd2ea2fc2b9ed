import type { ObjectKind } from '../cluster/cluster-api.js';
import type { ClusterWatch, WatchEvent } from '../cluster/cluster-watch.js';
import type { ControllerLog } from './controller-log.js';

/** One resource that traffic is moved on. */
export interface TargetPlace extends ObjectKind {
  readonly namespace: string;
  readonly name: string;
}

export interface TargetWatchesOptions {
  readonly watch: ClusterWatch;
  /** Empty: the whole cluster in one watch. */
  readonly namespaces: readonly string[];
  readonly log: ControllerLog;
  /** One of the resources that are used has changed: the rollouts that use it. */
  readonly onChange: (rollouts: Iterable<string>) => void;
}

/**
 * Follows what traffic is moved on: one watch for each kind that is in use, however many rollouts use it, and metadata only. A
 * kind whose definition is not installed is asked for again later and later; the rounds say what that means.
 */
export class TargetWatches {
  readonly #options: TargetWatchesOptions;
  /** The rollouts by the resource that they use. */
  readonly #users = new Map<string, Set<string>>();
  readonly #places = new Map<string, TargetPlace>();
  readonly #kinds = new Map<string, { uses: number; readonly abort: AbortController }>();
  readonly #following = new Set<Promise<void>>();
  #isStopped = false;

  constructor(options: TargetWatchesOptions) {
    this.#options = options;
  }

  /** From here on changes of that resource wake that rollout; in place of the one that it used before. */
  use(rollout: string, place: TargetPlace): void {
    const before = this.#places.get(rollout);
    const key = placeKey(place);
    if (this.#isStopped || (before !== undefined && placeKey(before) === key)) return;
    this.leave(rollout);
    this.#places.set(rollout, place);
    const users = this.#users.get(key) ?? new Set();
    this.#users.set(key, users.add(rollout));
    const kind = this.#kinds.get(kindKey(place));
    if (kind !== undefined) kind.uses += 1;
    else this.#follow(place);
  }

  leave(rollout: string): void {
    const place = this.#places.get(rollout);
    if (place === undefined) return;
    this.#places.delete(rollout);
    const users = this.#users.get(placeKey(place));
    users?.delete(rollout);
    if (users?.size === 0) this.#users.delete(placeKey(place));
    const kind = this.#kinds.get(kindKey(place));
    if (kind === undefined) return;
    kind.uses -= 1;
    if (kind.uses > 0) return;
    kind.abort.abort();
    this.#kinds.delete(kindKey(place));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const { abort } of this.#kinds.values()) abort.abort();
    await Promise.all(this.#following);
  }

  #follow(kind: ObjectKind): void {
    const { watch, namespaces, log } = this.#options;
    const { group, version, plural } = kind;
    const abort = new AbortController();
    this.#kinds.set(kindKey(kind), { uses: 1, abort });
    let isAway = false;
    const onEvent = (event: WatchEvent): void => {
      if (event.kind === 'away' && !isAway) log.warn({ plural, reason: event.reason }, 'cannot watch');
      if (event.kind === 'back') log.info({ plural }, 'watching again');
      if (event.kind === 'away' || event.kind === 'back') isAway = event.kind === 'away';
      this.#tell(kind, event);
    };
    const scopes = namespaces.length === 0 ? [undefined] : namespaces;
    for (const namespace of scopes) {
      const watched = { group, version, plural, namespace, isMetadataOnly: true };
      const following = watch.follow(watched, onEvent, abort.signal).finally(() => {
        this.#following.delete(following);
      });
      this.#following.add(following);
    }
  }

  #tell(kind: ObjectKind, event: WatchEvent): void {
    if (event.kind === 'listed') {
      // What happened before the list is not known one by one.
      const all = [...this.#places].filter(([, place]) => kindKey(place) === kindKey(kind));
      this.#options.onChange(all.map(([rollout]) => rollout));
    } else if (event.kind === 'changed' || event.kind === 'removed') {
      const { namespace = '', name } = event.object.metadata;
      const users = this.#users.get(placeKey({ ...kind, namespace, name }));
      if (users !== undefined) this.#options.onChange(users);
    }
  }
}

function kindKey({ group, version, plural }: ObjectKind): string {
  return `${plural}.${version}.${group}`;
}

function placeKey(place: TargetPlace): string {
  return `${kindKey(place)}/${place.namespace}/${place.name}`;
}
