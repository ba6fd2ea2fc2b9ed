import type { ApiFailure, ClusterApi, ObjectReference } from '../cluster/cluster-api.js';
import type { KubernetesObject } from '../cluster/kubernetes-object.js';
import { leaseReference, leaseSpec, microTime, readLease, type LeaseRecord } from './lease-record.js';

/** How leadership is held. */
export interface LeaseTimings {
  /** Whoever does not renew for this long has lost it. */
  readonly durationMs: number;
  readonly renewEveryMs: number;
  /** Who could not renew for this long stops, before another may begin. */
  readonly deadlineMs: number;
  /** A candidate looks so often. */
  readonly retryEveryMs: number;
}

export interface LeaseOptions {
  readonly api: ClusterApi;
  readonly namespace: string;
  readonly name: string;
  /** Unique among the replicas. */
  readonly identity: string;
  readonly timings: LeaseTimings;
  /** Milliseconds since the epoch, for people: no decision rests on it. */
  readonly now: () => number;
}

/** What came of a try. */
export type LeaseTry =
  | { readonly kind: 'held' }
  | { readonly kind: 'other'; readonly holder: string }
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * One lease. Who writes first has it: a write that rests on an older copy is refused by the API server. Clocks of others are
 * not trusted, nor is the own one, which may be set: a lease has run out when it did not change for its duration, by the time
 * that was slept between looks at it.
 */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #reference: ObjectReference;
  /** The last copy that was seen or written. */
  #object: KubernetesObject | undefined;
  #seen: { readonly version: string; readonly unchangedMs: number } | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#reference = leaseReference(options.namespace, options.name);
  }

  /**
   * Takes the lease where nobody holds it.
   * @param sinceLastMs how long at least the last try is ago
   */
  async acquire(sinceLastMs: number, signal: AbortSignal): Promise<LeaseTry> {
    const { api, identity } = this.#options;
    const read = await api.get(this.#reference, signal);
    if (read.kind === 'not-found') return this.#create(signal);
    if (read.kind !== 'ok') return failedBy(read);
    this.#object = read.value;
    const record = readLease(read.value);
    const version = `${record.holder}/${record.renewTime}/${record.transitions}`;
    const unchangedMs = this.#seen?.version === version ? this.#seen.unchangedMs + sinceLastMs : 0;
    this.#seen = { version, unchangedMs };
    const heldMs = Math.max(record.durationSeconds * 1000, this.#options.timings.durationMs);
    const isFree = record.holder === '' || record.holder === identity;
    if (!isFree && unchangedMs < heldMs) return { kind: 'other', holder: record.holder };
    return this.#write(this.#record(record), read.value, signal);
  }

  /** Says that it is still held; `other` where it is not any more. */
  async renew(signal: AbortSignal): Promise<LeaseTry> {
    if (this.#object === undefined) return this.acquire(0, signal);
    const written = await this.#write(this.#record(readLease(this.#object)), this.#object, signal);
    if (written.kind !== 'other') return written;
    const read = await this.#options.api.get(this.#reference, signal);
    if (read.kind !== 'ok') return failedBy(read);
    const { holder } = readLease(read.value);
    if (holder !== this.#options.identity) return { kind: 'other', holder };
    // Somebody put a label on it, say.
    this.#object = read.value;
    return this.#write(this.#record(readLease(read.value)), read.value, signal);
  }

  /** Gives it up, so that nobody has to wait for it to run out. */
  async release(signal: AbortSignal): Promise<void> {
    if (this.#object === undefined) return;
    const record = readLease(this.#object);
    if (record.holder !== this.#options.identity) return;
    await this.#write({ ...record, holder: '', durationSeconds: 1 }, this.#object, signal);
  }

  #record(before: LeaseRecord | undefined): LeaseRecord {
    const { identity, timings, now } = this.#options;
    const at = microTime(now());
    const isMine = before?.holder === identity;
    return {
      holder: identity,
      durationSeconds: Math.ceil(timings.durationMs / 1000),
      acquireTime: isMine && before.acquireTime !== '' ? before.acquireTime : at,
      renewTime: at,
      transitions: before === undefined ? 0 : before.transitions + (isMine ? 0 : 1),
    };
  }

  async #create(signal: AbortSignal): Promise<LeaseTry> {
    const { api, namespace, name } = this.#options;
    const object = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace },
      spec: leaseSpec(this.#record(undefined)),
    };
    const created = await api.create(this.#reference, namespace, object, { signal });
    if (created.kind === 'ok') {
      this.#object = created.value;
      return { kind: 'held' };
    }
    return created.kind === 'conflict' ? { kind: 'other', holder: '' } : failedBy(created);
  }

  async #write(record: LeaseRecord, base: KubernetesObject, signal: AbortSignal): Promise<LeaseTry> {
    const object = { ...base, spec: leaseSpec(record) };
    const written = await this.#options.api.replace(this.#reference, object, { signal });
    if (written.kind === 'ok') {
      this.#object = written.value;
      return { kind: 'held' };
    }
    return written.kind === 'conflict' ? { kind: 'other', holder: '' } : failedBy(written);
  }
}

function failedBy({ reason }: ApiFailure): LeaseTry {
  return { kind: 'failed', reason };
}
