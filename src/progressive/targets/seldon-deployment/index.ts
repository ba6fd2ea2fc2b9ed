import type { ObjectReference } from '../../cluster/cluster-api.js';
import { ResourceTarget } from '../resource-target.js';
import type { TargetKind } from '../target-kind.js';
import { observeSeldonDeployment } from './observe-seldon-deployment.js';
import { planPromotion, planRollback, planWeight } from './seldon-deployment-plans.js';
import { seldonDeploymentSpecSchema, type SeldonDeploymentSpec } from './seldon-deployment-spec.js';

/** Seldon Core v1: `traffic` of two predictors. */
export const seldonDeployment: TargetKind<SeldonDeploymentSpec> = {
  name: 'seldonDeployment',
  title: 'a SeldonDeployment of Seldon Core v1',
  schema: seldonDeploymentSpecSchema,
  access: [
    { apiGroups: ['machinelearning.seldon.io'], resources: ['seldondeployments'], verbs: ['get', 'patch'] },
    // What the traffic really does, by one or the other.
    { apiGroups: ['networking.istio.io'], resources: ['virtualservices'], verbs: ['get'] },
    { apiGroups: ['getambassador.io'], resources: ['mappings'], verbs: ['get'] },
  ],
  referenceOf: ({ name }, namespace) => referenceOf(namespace, name),
  carriesModel: ({ newPredictor }) => newPredictor !== undefined,
  create: (spec, context) =>
    new ResourceTarget('seldonDeployment', referenceOf(context.namespace, spec.name), context, {
      observe: (object, signal) => observeSeldonDeployment(context.api, object, spec, signal),
      setWeight: (object, action) => planWeight(object, action, spec),
      rollBack: (object, action) => planRollback(object, action, spec),
      promote: (object, action) => planPromotion(object, action, spec),
    }),
};

function referenceOf(namespace: string, name: string): ObjectReference {
  return { group: 'machinelearning.seldon.io', version: 'v1', plural: 'seldondeployments', namespace, name };
}
