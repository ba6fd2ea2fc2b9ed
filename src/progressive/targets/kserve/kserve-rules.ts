import type { ClusterApi } from '../../cluster/cluster-api.js';
import type { KubernetesObject } from '../../cluster/kubernetes-object.js';
import type { PromoteAction, RollBackAction, SetWeightAction } from '../../machine/action.js';
import type { TargetState } from '../../machine/target-state.js';
import { listAt } from '../json-at.js';
import { refused, type Plan } from '../plan.js';
import type { ResourceRules } from '../resource-target.js';
import { deploymentModeOf, type DeploymentMode } from './deployment-mode.js';
import * as knative from './knative/knative-plans.js';
import { observeKnative } from './knative/observe-knative.js';
import type { KserveSpec } from './kserve-spec.js';
import { observeStandard } from './standard/observe-standard.js';
import * as standard from './standard/standard-plans.js';

/** KServe has two ways of running a canary, with fields of their own: the mode decides which of them count. */
export class KserveRules implements ResourceRules {
  readonly #spec: KserveSpec;
  readonly #api: ClusterApi;

  constructor(spec: KserveSpec, api: ClusterApi) {
    this.#spec = spec;
    this.#api = api;
  }

  observe(service: KubernetesObject, signal?: AbortSignal): TargetState | Promise<TargetState> {
    const mode = deploymentModeOf(service);
    switch (mode.kind) {
      case 'knative':
        return observeKnative(service, this.#spec.newModel);
      case 'standard':
        return observeStandard(this.#api, service, this.#spec, signal);
      case 'unknown':
        return { kind: 'unavailable', reason: notSeenYet };
      case 'other':
        return { kind: 'undrivable', reason: withoutCanaries(mode) };
    }
  }

  setWeight(service: KubernetesObject, action: SetWeightAction): Plan {
    return byMode(service, {
      knative: () => knative.planWeight(service, action, this.#spec.newModel),
      standard: () => standard.planWeight(service, action, this.#spec),
    });
  }

  promote(service: KubernetesObject, action: PromoteAction): Plan {
    return byMode(service, {
      knative: () => knative.planPromotion(service, action),
      standard: () => standard.planPromotion(service, action, this.#spec),
    });
  }

  /** Not by the mode alone, which may not be known just then: what has the share goes to zero. */
  rollBack(service: KubernetesObject, action: RollBackAction): Plan {
    const hasEntries = listAt(service, 'spec', 'canary').length > 0;
    const isStandard = deploymentModeOf(service).kind === 'standard' || hasEntries;
    return isStandard
      ? standard.planRollback(service, action, this.#spec)
      : knative.planRollback(service, action);
  }
}

const notSeenYet = 'KServe has not said yet in which mode it runs';

function withoutCanaries({ name }: Extract<DeploymentMode, { readonly kind: 'other' }>): string {
  return `It runs in ${name} mode, in which KServe has no canaries; Knative and Standard have.`;
}

function byMode(
  service: KubernetesObject,
  plans: { readonly knative: () => Plan; readonly standard: () => Plan },
): Plan {
  const mode = deploymentModeOf(service);
  switch (mode.kind) {
    case 'knative':
      return plans.knative();
    case 'standard':
      return plans.standard();
    case 'unknown':
      return { kind: 'unavailable', reason: notSeenYet };
    case 'other':
      return refused(withoutCanaries(mode));
  }
}
