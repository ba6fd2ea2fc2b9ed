import type { ObjectReference } from '../../cluster/cluster-api.js';
import { ResourceTarget } from '../resource-target.js';
import type { TargetKind } from '../target-kind.js';
import { SeldonExperimentRules } from './seldon-experiment-rules.js';
import { seldonExperimentSpecSchema, type SeldonExperimentSpec } from './seldon-experiment-spec.js';

/** Seldon Core v2: weights of two candidates of an Experiment. */
export const seldonExperiment: TargetKind<SeldonExperimentSpec> = {
  name: 'seldonExperiment',
  title: 'an Experiment of Seldon Core v2',
  schema: seldonExperimentSpecSchema,
  access: [
    { apiGroups: ['mlops.seldon.io'], resources: ['experiments'], verbs: ['get', 'patch'] },
    // What the candidates are: a newer model under the same name is another comparison.
    { apiGroups: ['mlops.seldon.io'], resources: ['models', 'pipelines'], verbs: ['get'] },
    // Which version of Seldon is installed.
    { apiGroups: ['apps'], resources: ['deployments', 'statefulsets'], verbs: ['get'] },
  ],
  referenceOf: ({ name }, namespace) => referenceOf(namespace, name),
  carriesModel: () => false,
  create: (spec, context) =>
    new ResourceTarget(
      'seldonExperiment',
      referenceOf(context.namespace, spec.name),
      context,
      new SeldonExperimentRules(spec, context.api),
    ),
};

function referenceOf(namespace: string, name: string): ObjectReference {
  return { group: 'mlops.seldon.io', version: 'v1alpha1', plural: 'experiments', namespace, name };
}
