import { ResourceTarget } from '../resource-target.js';
import type { TargetKind } from '../target-kind.js';
import { inferenceServiceReference } from './inference-service.js';
import { KserveRules } from './kserve-rules.js';
import { kserveSpecSchema, type KserveSpec } from './kserve-spec.js';

/** KServe: `canaryTrafficPercent` in Knative mode, `spec.canary` in Standard mode. */
export const kserve: TargetKind<KserveSpec> = {
  name: 'kserve',
  title: 'an InferenceService of KServe, in Knative or in Standard mode',
  schema: kserveSpecSchema,
  access: [
    { apiGroups: ['serving.kserve.io'], resources: ['inferenceservices'], verbs: ['get', 'patch'] },
    // Standard mode: what the traffic really does.
    { apiGroups: ['gateway.networking.k8s.io'], resources: ['httproutes'], verbs: ['get'] },
  ],
  referenceOf: ({ name }, namespace) => inferenceServiceReference(namespace, name),
  carriesModel: ({ newModel }) => newModel !== undefined,
  create: (spec, context) =>
    new ResourceTarget(
      'kserve',
      inferenceServiceReference(context.namespace, spec.name),
      context,
      new KserveRules(spec, context.api),
    ),
};
