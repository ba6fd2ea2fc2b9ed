import type { ObjectReference } from '../../../src/progressive/cluster/cluster-api.js';
import type { ClusterWatch, Watched, WatchEvent } from '../../../src/progressive/cluster/cluster-watch.js';
import type { KubernetesObject } from '../../../src/progressive/cluster/kubernetes-object.js';
import type { MemoryCluster } from './memory-cluster.js';

/** What an API server in memory tells of its objects; it can be cut off, and then lists anew. */
export class MemoryWatch implements ClusterWatch {
  /** What is followed now, by its plural and namespace. */
  readonly following = new Map<string, number>();
  readonly #cluster: MemoryCluster;
  readonly #relist = new Set<() => Promise<void>>();
  #isCut = false;

  constructor(cluster: MemoryCluster) {
    this.#cluster = cluster;
  }

  /** Nothing is told any more. */
  cut(): void {
    this.#isCut = true;
  }

  /** All is told again from a list. */
  async mend(): Promise<void> {
    this.#isCut = false;
    for (const relist of this.#relist) await relist();
  }

  async follow(watched: Watched, onEvent: (event: WatchEvent) => void, signal: AbortSignal): Promise<void> {
    const { namespace } = watched;
    const key = `${watched.plural}${namespace === undefined ? '' : `/${namespace}`}`;
    const known = new Map<string, KubernetesObject>();
    const list = async (): Promise<void> => {
      const listed = await this.#cluster.list(watched, { namespace, signal });
      if (listed.kind !== 'ok') {
        onEvent({ kind: 'away', sinceMs: 0, reason: listed.reason, isMissing: listed.kind === 'not-found' });
        return;
      }
      for (const object of listed.value.items) known.set(nameOf(object), object);
      onEvent({ kind: 'listed', objects: listed.value.items });
    };
    const change = (reference: ObjectReference, object: KubernetesObject | undefined): void => {
      const isMeant =
        reference.plural === watched.plural && (namespace ?? reference.namespace) === reference.namespace;
      if (!isMeant || this.#isCut) return;
      const name = `${reference.namespace}/${reference.name}`;
      const before = known.get(name);
      if (object !== undefined) {
        known.set(name, object);
        onEvent({ kind: 'changed', object });
      } else if (before !== undefined) {
        known.delete(name);
        onEvent({ kind: 'removed', object: before });
      }
    };
    this.following.set(key, (this.following.get(key) ?? 0) + 1);
    const end = this.#cluster.onChange(change);
    this.#relist.add(list);
    await list();
    if (!signal.aborted) {
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
    }
    this.#relist.delete(list);
    end();
    const left = (this.following.get(key) ?? 1) - 1;
    if (left > 0) this.following.set(key, left);
    else this.following.delete(key);
  }
}

function nameOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
