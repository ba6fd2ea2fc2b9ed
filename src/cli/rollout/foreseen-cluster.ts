import type {
  ApiAnswer,
  ChangeOptions,
  ClusterApi,
  ObjectKind,
  ObjectReference,
} from '../../progressive/cluster/cluster-api.js';
import type { KubernetesObject } from '../../progressive/cluster/kubernetes-object.js';
import type { PatchOperation } from '../../progressive/cluster/patch-operation.js';

/**
 * A cluster in which nothing is changed. The first patch is checked by the API server; from then on the object is as the
 * server would have made it, without a status, since nobody has looked at it. What is sent after that goes nowhere.
 */
export class ForeseenCluster implements ClusterApi {
  readonly #api: ClusterApi;
  #foreseen: { readonly reference: ObjectReference; readonly object: KubernetesObject } | undefined;

  constructor(api: ClusterApi) {
    this.#api = api;
  }

  get(reference: ObjectReference, signal?: AbortSignal): Promise<ApiAnswer<KubernetesObject>> {
    const object = this.#at(reference);
    return object === undefined
      ? this.#api.get(reference, signal)
      : Promise.resolve({ kind: 'ok', value: object });
  }

  list(kind: ObjectKind, options?: Parameters<ClusterApi['list']>[1]): ReturnType<ClusterApi['list']> {
    return this.#api.list(kind, options);
  }

  async patch(
    reference: ObjectReference,
    operations: readonly PatchOperation[],
    options?: ChangeOptions,
  ): Promise<ApiAnswer<KubernetesObject>> {
    const object = this.#at(reference);
    if (object !== undefined) return { kind: 'ok', value: object };
    const answer = await this.#api.patch(reference, operations, { ...options, dryRun: true });
    if (answer.kind === 'ok') this.#foreseen = { reference, object: { ...answer.value, status: undefined } };
    return answer;
  }

  create(
    kind: ObjectKind,
    namespace: string,
    object: object,
    options?: ChangeOptions,
  ): Promise<ApiAnswer<KubernetesObject>> {
    return this.#api.create(kind, namespace, object, { ...options, dryRun: true });
  }

  replace(
    reference: ObjectReference,
    object: object,
    options?: ChangeOptions,
  ): Promise<ApiAnswer<KubernetesObject>> {
    return this.#api.replace(reference, object, { ...options, dryRun: true });
  }

  #at({ group, plural, namespace, name }: ObjectReference): KubernetesObject | undefined {
    if (this.#foreseen === undefined) return undefined;
    const { reference, object } = this.#foreseen;
    const isSame =
      reference.group === group &&
      reference.plural === plural &&
      reference.namespace === namespace &&
      reference.name === name;
    return isSame ? object : undefined;
  }
}
