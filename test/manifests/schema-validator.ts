/** Checks one Kubernetes document against the schema of its kind, with unknown fields refused at every level. */
import { AnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate';
import { ClusterAnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/ClusterAnalysisTemplate';
import { Rollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Rollout';
import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import { ClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import { Role } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Role';
import { RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Namespace } from 'kubernetes-models/v1/Namespace';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { z } from 'zod';
import type { FieldError } from '../../src/domain/errors.js';
import { suggestName } from '../../src/domain/nearest-name.js';
import { joinPath, parseWith } from '../../src/domain/parsing.js';
import type { Result } from '../../src/domain/result.js';
import { FieldWatch, type OpenObject } from './field-watch.js';
import { parseModelRollout } from '../../src/progressive/resource/index.js';
import { httpRouteSchema, virtualServiceSchema } from './router-schemas.js';
import {
  experimentSchema,
  inferenceServiceSchema,
  seldonDeploymentSchema,
  seldonModelSchema,
} from './serving-schemas.js';

/** The kinds that the project ships, by `apiVersion kind`. A new kind of manifest is one more line. */
const models = new Map<string, { readonly prototype: { validate(): void } }>([
  ['argoproj.io/v1alpha1 AnalysisTemplate', AnalysisTemplate],
  ['argoproj.io/v1alpha1 ClusterAnalysisTemplate', ClusterAnalysisTemplate],
  ['argoproj.io/v1alpha1 Rollout', Rollout],
  ['apps/v1 Deployment', Deployment],
  ['monitoring.coreos.com/v1 PodMonitor', PodMonitor],
  ['monitoring.coreos.com/v1 PrometheusRule', PrometheusRule],
  ['monitoring.coreos.com/v1 ServiceMonitor', ServiceMonitor],
  ['networking.k8s.io/v1 Ingress', Ingress],
  ['networking.k8s.io/v1 NetworkPolicy', NetworkPolicy],
  ['policy/v1 PodDisruptionBudget', PodDisruptionBudget],
  ['rbac.authorization.k8s.io/v1 ClusterRole', ClusterRole],
  ['rbac.authorization.k8s.io/v1 ClusterRoleBinding', ClusterRoleBinding],
  ['rbac.authorization.k8s.io/v1 Role', Role],
  ['rbac.authorization.k8s.io/v1 RoleBinding', RoleBinding],
  ['v1 ConfigMap', ConfigMap],
  ['v1 Namespace', Namespace],
  ['v1 PersistentVolumeClaim', PersistentVolumeClaim],
  ['v1 Service', Service],
  ['v1 ServiceAccount', ServiceAccount],
]);

/** Kinds of which no installed package has the schemas. */
const own = new Map<string, (document: unknown) => Result<unknown>>([
  ['gateway.networking.k8s.io/v1 HTTPRoute', by(httpRouteSchema)],
  ['machinelearning.seldon.io/v1 SeldonDeployment', by(seldonDeploymentSchema)],
  ['ml-verdict.io/v1alpha1 ModelRollout', (document) => parseModelRollout(document)],
  ['mlops.seldon.io/v1alpha1 Experiment', by(experimentSchema)],
  ['mlops.seldon.io/v1alpha1 Model', by(seldonModelSchema)],
  ['networking.istio.io/v1 VirtualService', by(virtualServiceSchema)],
  ['serving.kserve.io/v1beta1 InferenceService', by(inferenceServiceSchema)],
]);

function by(schema: z.ZodType): (document: unknown) => Result<unknown> {
  return (document) => parseWith(schema, document);
}

const typeMeta = z.object({ apiVersion: z.string(), kind: z.string() });

export interface SchemaReport {
  readonly errors: readonly FieldError[];
  /** Where the schema leaves the keys free. */
  readonly openObjects: readonly OpenObject[];
}

/** Errors with their paths: wrong types, missing fields, unknown fields. An unknown kind is an error as well. */
export function checkSchema(document: unknown): SchemaReport {
  const meta = typeMeta.safeParse(document);
  if (!meta.success) return refused('apiVersion', 'expected a Kubernetes document with apiVersion and kind');
  const kind = `${meta.data.apiVersion} ${meta.data.kind}`;
  const parse = own.get(kind);
  if (parse !== undefined) {
    const parsed = parse(document);
    return { errors: parsed.ok ? [] : parsed.errors, openObjects: [] };
  }
  const model = models.get(kind);
  if (model === undefined) {
    const known = [...models.keys(), ...own.keys()];
    return refused('kind', `"${kind}" has no schema here; ${suggestName(kind, known)}`);
  }

  const watch = new FieldWatch(document);
  const errors = validationErrors(() => {
    // Borrowed, because an instance of the model would be a copy: the watch has to see what the validator reads.
    model.prototype.validate.call(watch.watched());
  });
  return { errors: [...errors, ...watch.unknownFields()], openObjects: watch.openObjects() };
}

function refused(path: string, message: string): SchemaReport {
  return { errors: [{ path, message }], openObjects: [] };
}

const thrown = z.object({
  errors: z.array(
    z.object({ instancePath: z.string(), message: z.string().default('not as the schema says') }),
  ),
});

function validationErrors(validate: () => void): readonly FieldError[] {
  try {
    validate();
    return [];
  } catch (error) {
    const parsed = thrown.safeParse(error);
    if (!parsed.success) throw error;
    return parsed.data.errors.map(({ instancePath, message }) => ({ path: pathOf(instancePath), message }));
  }
}

/** `spec.args[0].value` from the JSON pointer `/spec/args/0/value`. */
function pathOf(pointer: string): string {
  const parts = pointer.split('/').slice(1);
  const plain = parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return joinPath(
    '',
    plain.map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  );
}
