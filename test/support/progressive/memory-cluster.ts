import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type {
  ApiAnswer,
  ApiFailure,
  ChangeOptions,
  ClusterApi,
  ObjectKind,
  ObjectReference,
} from '../../../src/progressive/cluster/cluster-api.js';
import type { KubernetesObject } from '../../../src/progressive/cluster/kubernetes-object.js';
import type { PatchOperation } from '../../../src/progressive/cluster/patch-operation.js';
import { applyPatch } from './json-patch.js';

export type ClusterVerb = 'get' | 'list' | 'patch' | 'create' | 'replace';

/** One request as it would go over the wire. */
export interface ClusterRequest {
  readonly verb: ClusterVerb;
  readonly method: 'GET' | 'PATCH' | 'POST' | 'PUT';
  readonly path: string;
  readonly contentType?: string;
  readonly body?: unknown;
  /** What was answered: `ok`, or the kind of failure. */
  readonly answer: string;
}

/** Something that goes wrong with the next requests it is for. */
export interface ClusterFault {
  readonly failure: ApiFailure;
  /** Absent: any of them. */
  readonly verb?: ClusterVerb | undefined;
  readonly plural?: string | undefined;
  /** Once unless said. */
  readonly times?: number | undefined;
  /** The change is made all the same, and only the answer is lost. */
  readonly afterApplying?: boolean | undefined;
}

/** An object as a test writes it down. */
export interface WrittenObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly spec?: unknown;
  readonly status?: unknown;
  readonly [field: string]: unknown;
}

/** What an API server says to a JSON Patch that does not apply, a `test` that does not hold among them: no more than this. */
export const patchDoesNotApply = 'the server rejected our request due to an error in our request';

type Stored = KubernetesObject & WrittenObject;

/**
 * An API server in memory: identities, resource versions, generations that count changes of the spec, status apart from the
 * rest, JSON Patch all or nothing, admission, faults. Everything asked of it is recorded.
 */
export class MemoryCluster implements ClusterApi {
  readonly requests: ClusterRequest[] = [];
  readonly #objects = new Map<string, Stored>();
  readonly #missingKinds = new Set<string>();
  readonly #admission = new Map<string, (object: KubernetesObject) => string | undefined>();
  readonly #listeners = new Set<(reference: ObjectReference, object: KubernetesObject | undefined) => void>();
  #faults: { readonly fault: ClusterFault; left: number }[] = [];
  #version = 1000;

  /** The changes among the requests. */
  get changes(): readonly ClusterRequest[] {
    return this.requests.filter(({ method }) => method !== 'GET');
  }

  /** Writes an object as its user would apply it, status and all: a new one, or another content of the one that is there. */
  put(reference: ObjectReference, object: WrittenObject): KubernetesObject {
    const before = this.#objects.get(keyOf(reference));
    return this.#write(reference, object, before);
  }

  /** The object as it stands. */
  read(reference: ObjectReference): KubernetesObject | undefined {
    const stored = this.#objects.get(keyOf(reference));
    return stored === undefined ? undefined : structuredClone(stored);
  }

  /** Somebody else changes an object that is there: of a copy, what comes back is written. */
  edit(reference: ObjectReference, change: (object: WrittenObject) => WrittenObject): KubernetesObject {
    const before = this.#objects.get(keyOf(reference));
    if (before === undefined) throw new Error(`there is no ${reference.plural} ${reference.name}`);
    return this.#write(reference, change(structuredClone(before)), before);
  }

  /** A controller writes the status. */
  setStatus(reference: ObjectReference, status: unknown): KubernetesObject {
    return this.edit(reference, (object) => ({ ...object, status }));
  }

  remove(reference: ObjectReference): void {
    if (this.#objects.delete(keyOf(reference))) this.#tell(reference, undefined);
  }

  /** As if the definition of this kind were not installed. */
  uninstall(kind: ObjectKind): void {
    this.#missingKinds.add(kindKeyOf(kind));
  }

  install(kind: ObjectKind): void {
    this.#missingKinds.delete(kindKeyOf(kind));
  }

  /** Every object of the kind that is written by a request has to pass: a text refuses it. */
  admit(kind: ObjectKind, check: (object: KubernetesObject) => string | undefined): void {
    this.#admission.set(kindKeyOf(kind), check);
  }

  fail(fault: ClusterFault): void {
    this.#faults.push({ fault, left: fault.times ?? 1 });
  }

  /** Everything works again. */
  heal(): void {
    this.#faults = [];
  }

  /** Is told of each object that changed, undefined where it was removed; ends with the function that comes back. */
  onChange(listener: (reference: ObjectReference, object: KubernetesObject | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async get(reference: ObjectReference, signal?: AbortSignal): Promise<ApiAnswer<KubernetesObject>> {
    const request = { verb: 'get', method: 'GET', path: pathOf(reference) } as const;
    return this.#answer(request, reference, signal, () => {
      const stored = this.#objects.get(keyOf(reference));
      return stored === undefined ? notFound(reference) : ok(stored);
    });
  }

  async list(
    kind: ObjectKind,
    options: {
      readonly namespace?: string | undefined;
      readonly labelSelector?: string;
      readonly signal?: AbortSignal | undefined;
    } = {},
  ): Promise<ApiAnswer<{ readonly items: readonly KubernetesObject[]; readonly resourceVersion: string }>> {
    const { namespace, labelSelector } = options;
    const query = labelSelector === undefined ? '' : `?labelSelector=${encodeURIComponent(labelSelector)}`;
    const request = {
      verb: 'list',
      method: 'GET',
      path: `${collectionOf(kind, namespace)}${query}`,
    } as const;
    return this.#answer(request, kind, options.signal, () => {
      const prefix = `${kindKeyOf(kind)}/${namespace === undefined ? '' : `${namespace}/`}`;
      const items = [...this.#objects]
        .filter(([key, { metadata }]) => key.startsWith(prefix) && matches(metadata.labels, labelSelector))
        .map(([, stored]) => stored);
      return ok({ items, resourceVersion: String(this.#version) });
    });
  }

  async patch(
    reference: ObjectReference,
    operations: readonly PatchOperation[],
    options: ChangeOptions = {},
  ): Promise<ApiAnswer<KubernetesObject>> {
    const request = {
      verb: 'patch',
      method: 'PATCH',
      path: `${pathOf(reference, options)}${queryOf(options)}`,
      contentType: 'application/json-patch+json',
      body: operations,
    } as const;
    return this.#answer(request, reference, options.signal, () => {
      const stored = this.#objects.get(keyOf(reference));
      if (stored === undefined) return notFound(reference);
      const patched = applyPatch(stored, operations);
      if (!patched.ok) return { kind: 'invalid', reason: patchDoesNotApply };
      return this.#change(reference, patched.value as Stored, stored, options);
    });
  }

  async create(
    kind: ObjectKind,
    namespace: string,
    object: object,
    options: ChangeOptions = {},
  ): Promise<ApiAnswer<KubernetesObject>> {
    const path = `${collectionOf(kind, namespace)}${queryOf(options)}`;
    const request = {
      verb: 'create',
      method: 'POST',
      path,
      contentType: 'application/json',
      body: object,
    } as const;
    return this.#answer(request, kind, options.signal, () => {
      const written = structuredClone(object) as WrittenObject;
      const { name, generateName } = written.metadata ?? {};
      const given = typeof name === 'string' ? name : `${String(generateName)}${randomUUID().slice(0, 5)}`;
      const reference = { ...kind, namespace, name: given };
      if (this.#objects.has(keyOf(reference))) {
        return { kind: 'conflict', reason: `${kind.plural} "${given}" already exists` };
      }
      // Like a real one, for a kind that has a status of its own.
      return this.#change(reference, { ...written, status: undefined }, undefined, options);
    });
  }

  async replace(
    reference: ObjectReference,
    object: object,
    options: ChangeOptions = {},
  ): Promise<ApiAnswer<KubernetesObject>> {
    const path = `${pathOf(reference, options)}${queryOf(options)}`;
    const request = {
      verb: 'replace',
      method: 'PUT',
      path,
      contentType: 'application/json',
      body: object,
    } as const;
    return this.#answer(request, reference, options.signal, () => {
      const stored = this.#objects.get(keyOf(reference));
      if (stored === undefined) return notFound(reference);
      return this.#change(reference, structuredClone(object) as WrittenObject, stored, options);
    });
  }

  #change(
    reference: ObjectReference,
    wanted: WrittenObject,
    before: Stored | undefined,
    { subresource, dryRun }: ChangeOptions,
  ): ApiAnswer<KubernetesObject> {
    const { uid, resourceVersion } = wanted.metadata ?? {};
    const isOther =
      before !== undefined &&
      ((typeof uid === 'string' && uid !== before.metadata.uid) ||
        (typeof resourceVersion === 'string' && resourceVersion !== before.metadata.resourceVersion));
    if (isOther) {
      const reason = `Operation cannot be fulfilled on ${reference.plural} "${reference.name}": the object has been modified; please apply your changes to the latest version and try again`;
      return { kind: 'conflict', reason };
    }
    const object =
      before === undefined
        ? wanted
        : subresource === 'status'
          ? { ...before, status: wanted.status }
          : { ...wanted, status: before.status };
    const finished = this.#finish(reference, object, before);
    const refusal = this.#admission.get(kindKeyOf(reference))?.(finished);
    if (refusal !== undefined) {
      return { kind: 'forbidden', reason: `admission webhook "check" denied the request: ${refusal}` };
    }
    return ok(dryRun === true ? finished : this.#store(reference, finished, before));
  }

  #write(reference: ObjectReference, object: WrittenObject, before: Stored | undefined): KubernetesObject {
    return structuredClone(this.#store(reference, this.#finish(reference, object, before), before));
  }

  /** The object with what the server itself fills in. */
  #finish(reference: ObjectReference, object: WrittenObject, before: Stored | undefined): Stored {
    const { namespace, name, group, version } = reference;
    const plain = JSON.parse(JSON.stringify(object)) as WrittenObject;
    const given = plain.metadata ?? {};
    const isSameSpec = before !== undefined && isDeepStrictEqual(plain.spec, before.spec);
    const generation = before === undefined ? 1 : (before.metadata.generation ?? 1) + (isSameSpec ? 0 : 1);
    const uid = before?.metadata.uid ?? (typeof given['uid'] === 'string' ? given['uid'] : randomUUID());
    const resourceVersion = before?.metadata.resourceVersion ?? '0';
    return {
      apiVersion: group === '' ? version : `${group}/${version}`,
      kind: reference.plural,
      ...plain,
      metadata: { ...given, name, namespace, uid, resourceVersion, generation },
    };
  }

  #store(reference: ObjectReference, finished: Stored, before: Stored | undefined): Stored {
    if (before !== undefined && isDeepStrictEqual(finished, before)) return before;
    this.#version += 1;
    const stored: Stored = {
      ...finished,
      metadata: { ...finished.metadata, resourceVersion: String(this.#version) },
    };
    this.#objects.set(keyOf(reference), stored);
    this.#tell(reference, stored);
    return stored;
  }

  #tell(reference: ObjectReference, stored: Stored | undefined): void {
    for (const listener of this.#listeners) {
      listener(reference, stored === undefined ? undefined : structuredClone(stored));
    }
  }

  async #answer<T>(
    request: Omit<ClusterRequest, 'answer'>,
    kind: ObjectKind,
    signal: AbortSignal | undefined,
    act: () => ApiAnswer<T>,
  ): Promise<ApiAnswer<T>> {
    // Never at once, as over a network: what runs at the same time gets its turn.
    await Promise.resolve();
    const answer = this.#respond(request.verb, kind, signal, act);
    this.requests.push(structuredClone({ ...request, answer: answer.kind }));
    return structuredClone(answer);
  }

  #respond<T>(
    verb: ClusterVerb,
    kind: ObjectKind,
    signal: AbortSignal | undefined,
    act: () => ApiAnswer<T>,
  ): ApiAnswer<T> {
    if (signal?.aborted === true) return { kind: 'unavailable', reason: 'the request was given up' };
    const fault = this.#takeFault(verb, kind.plural);
    if (fault !== undefined) {
      if (fault.afterApplying === true) act();
      return fault.failure;
    }
    if (this.#missingKinds.has(kindKeyOf(kind))) {
      return { kind: 'not-found', reason: 'the server could not find the requested resource' };
    }
    return act();
  }

  #takeFault(verb: ClusterVerb, plural: string): ClusterFault | undefined {
    const found = this.#faults.find(
      ({ fault, left }) => left > 0 && (fault.verb ?? verb) === verb && (fault.plural ?? plural) === plural,
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    return found.fault;
  }
}

function ok<T>(value: T): ApiAnswer<T> {
  return { kind: 'ok', value };
}

function notFound({ plural, name }: ObjectReference): ApiFailure {
  return { kind: 'not-found', reason: `${plural} "${name}" not found` };
}

function kindKeyOf({ group, plural }: ObjectKind): string {
  return `${group}/${plural}`;
}

function keyOf(reference: ObjectReference): string {
  return `${kindKeyOf(reference)}/${reference.namespace}/${reference.name}`;
}

/** Selectors of the form `a=b,c=d`, and `a` for a label that is there. */
function matches(
  labels: Readonly<Record<string, string>> | undefined,
  selector: string | undefined,
): boolean {
  if (selector === undefined || selector === '') return true;
  return selector.split(',').every((part) => {
    const [name = '', value] = part.split('=');
    const label = labels?.[name];
    return value === undefined ? label !== undefined : label === value;
  });
}

function collectionOf({ group, version, plural }: ObjectKind, namespace: string | undefined): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace === undefined ? `${root}/${plural}` : `${root}/namespaces/${namespace}/${plural}`;
}

function pathOf(reference: ObjectReference, { subresource }: ChangeOptions = {}): string {
  const path = `${collectionOf(reference, reference.namespace)}/${reference.name}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}

function queryOf({ dryRun }: ChangeOptions): string {
  return dryRun === true ? '?dryRun=All' : '';
}
