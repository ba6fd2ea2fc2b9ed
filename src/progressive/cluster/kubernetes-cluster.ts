import type { ApiConnection, ApiRequest } from './api-connection.js';
import { apiFailure } from './api-failure.js';
import type { ApiAnswer, ChangeOptions, ClusterApi, ObjectKind, ObjectReference } from './cluster-api.js';
import type { KubernetesObject } from './kubernetes-object.js';
import { kindPath, objectPath } from './object-path.js';
import type { PatchOperation } from './patch-operation.js';
import { isRecord, readObject, readPage, type ObjectPage } from './read-object.js';

/** Within this the API server has to have answered. */
const defaultDeadlineMs = 10_000;

const pageSize = 500;

export type RequestVerb = 'get' | 'list' | 'patch' | 'create' | 'replace';

/** Is told how every request ended. */
export type RequestObserver = (verb: RequestVerb, result: ApiAnswer<unknown>['kind']) => void;

/** A cluster over its API server. */
export class KubernetesCluster implements ClusterApi {
  readonly #connection: ApiConnection;
  readonly #observer: RequestObserver | undefined;
  readonly #deadlineMs: number;

  constructor(
    connection: ApiConnection,
    options: { readonly onRequest?: RequestObserver | undefined; readonly deadlineMs?: number } = {},
  ) {
    this.#connection = connection;
    this.#observer = options.onRequest;
    this.#deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
  }

  get(reference: ObjectReference, signal?: AbortSignal): Promise<ApiAnswer<KubernetesObject>> {
    return this.#ask('get', { method: 'GET', path: objectPath(reference), signal }, readObject);
  }

  async list(
    kind: ObjectKind,
    options: Parameters<ClusterApi['list']>[1] = {},
  ): Promise<ApiAnswer<{ readonly items: readonly KubernetesObject[]; readonly resourceVersion: string }>> {
    const { namespace, labelSelector, signal } = options;
    const items: KubernetesObject[] = [];
    let continueFrom: string | undefined;
    for (;;) {
      const query = { limit: String(pageSize), labelSelector, continue: continueFrom };
      const path = kindPath(kind, namespace);
      const page: ApiAnswer<ObjectPage> = await this.#ask(
        'list',
        { method: 'GET', path, query, signal },
        readPage,
      );
      if (page.kind !== 'ok') return page;
      items.push(...page.value.items);
      ({ continueFrom } = page.value);
      if (continueFrom === undefined) {
        return { kind: 'ok', value: { items, resourceVersion: page.value.resourceVersion } };
      }
    }
  }

  patch(
    reference: ObjectReference,
    operations: readonly PatchOperation[],
    options: ChangeOptions = {},
  ): Promise<ApiAnswer<KubernetesObject>> {
    const path = objectPath(reference, options.subresource);
    return this.#change('patch', 'PATCH', path, 'application/json-patch+json', operations, options);
  }

  create(
    kind: ObjectKind,
    namespace: string,
    object: object,
    options: ChangeOptions = {},
  ): Promise<ApiAnswer<KubernetesObject>> {
    return this.#change('create', 'POST', kindPath(kind, namespace), 'application/json', object, options);
  }

  replace(
    reference: ObjectReference,
    object: object,
    options: ChangeOptions = {},
  ): Promise<ApiAnswer<KubernetesObject>> {
    const path = objectPath(reference, options.subresource);
    return this.#change('replace', 'PUT', path, 'application/json', object, options);
  }

  #change(
    verb: RequestVerb,
    method: ApiRequest['method'],
    path: string,
    type: string,
    content: unknown,
    { dryRun = false, signal }: ChangeOptions,
  ): Promise<ApiAnswer<KubernetesObject>> {
    const query = { fieldManager: 'ml-verdict', dryRun: dryRun ? 'All' : undefined };
    const body = { type, text: JSON.stringify(content) };
    return this.#ask(verb, { method, path, query, body, signal }, readObject);
  }

  async #ask<T>(
    verb: RequestVerb,
    request: Omit<ApiRequest, 'deadlineMs'>,
    read: (value: unknown) => T | undefined,
  ): Promise<ApiAnswer<T>> {
    const answer = await this.#answer({ ...request, deadlineMs: this.#deadlineMs }, read);
    this.#observer?.(verb, answer.kind);
    return answer;
  }

  async #answer<T>(request: ApiRequest, read: (value: unknown) => T | undefined): Promise<ApiAnswer<T>> {
    const response = await this.#connection.send(request);
    const status = response.kind === 'answer' ? (response.head.statusCode ?? 0) : 0;
    if (response.kind !== 'answer' || status < 200 || status > 299) return apiFailure(response);
    const json = parseJson(response.text);
    const value = read(json);
    if (value !== undefined) return { kind: 'ok', value };
    const what = isRecord(json) ? String(json['kind']) : 'no object';
    return {
      kind: 'unavailable',
      reason: `the API server answered with ${what} where an object was expected`,
    };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
