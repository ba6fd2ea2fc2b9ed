import type { ObjectReference } from '../cluster/cluster-api.js';
import type { KubernetesObject } from '../cluster/kubernetes-object.js';
import type { PromoteAction, RollBackAction, SetWeightAction, TargetAction } from '../machine/action.js';
import type { TargetState } from '../machine/target-state.js';
import type { Target, TargetResult } from '../target.js';
import { conflict, type Plan } from './plan.js';
import { resultOfFailure } from './result-of-failure.js';
import { sendPlan } from './send-plan.js';
import type { TargetContext } from './target-kind.js';

type Awaitable<T> = T | Promise<T>;

/** What is special about a kind of resource: what its fields mean, and which patch a change is. */
export interface ResourceRules {
  observe(object: KubernetesObject, signal?: AbortSignal): Awaitable<TargetState>;
  setWeight(object: KubernetesObject, action: SetWeightAction, signal?: AbortSignal): Awaitable<Plan>;
  rollBack(object: KubernetesObject, action: RollBackAction, signal?: AbortSignal): Awaitable<Plan>;
  promote(object: KubernetesObject, action: PromoteAction, signal?: AbortSignal): Awaitable<Plan>;
}

/** A target that is one resource: read, planned by its rules, changed in one request that the plan guards. */
export class ResourceTarget implements Target {
  readonly kind: string;
  readonly #reference: ObjectReference;
  readonly #context: TargetContext;
  readonly #rules: ResourceRules;

  constructor(kind: string, reference: ObjectReference, context: TargetContext, rules: ResourceRules) {
    this.kind = kind;
    this.#reference = reference;
    this.#context = context;
    this.#rules = rules;
  }

  async observe(signal?: AbortSignal): Promise<TargetState> {
    const answer = await this.#context.api.get(this.#reference, signal);
    if (answer.kind === 'not-found') return { kind: 'gone' };
    if (answer.kind !== 'ok') return { kind: 'unavailable', reason: answer.reason };
    if (answer.value.metadata.deletionTimestamp !== undefined) {
      return { kind: 'undrivable', reason: 'It is being deleted.' };
    }
    return this.#rules.observe(answer.value, signal);
  }

  setWeight(action: SetWeightAction, signal?: AbortSignal): Promise<TargetResult> {
    return this.#change(action, signal, (object) => this.#rules.setWeight(object, action, signal));
  }

  rollBack(action: RollBackAction, signal?: AbortSignal): Promise<TargetResult> {
    return this.#change(action, signal, (object) => this.#rules.rollBack(object, action, signal));
  }

  promote(action: PromoteAction, signal?: AbortSignal): Promise<TargetResult> {
    return this.#change(action, signal, (object) => this.#rules.promote(object, action, signal));
  }

  /** Read right before: what stands there is what the patch is guarded by. */
  async #change(
    { expected }: TargetAction,
    signal: AbortSignal | undefined,
    plan: (object: KubernetesObject) => Awaitable<Plan>,
  ): Promise<TargetResult> {
    const answer = await this.#context.api.get(this.#reference, signal);
    if (answer.kind !== 'ok') return resultOfFailure(answer);
    const object = answer.value;
    const planned =
      object.metadata.uid === expected.uid
        ? await plan(object)
        : conflict('another resource has the name now');
    return sendPlan(this.#context, this.#reference, planned, signal);
  }
}
