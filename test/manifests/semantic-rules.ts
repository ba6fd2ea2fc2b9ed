/**
 * What a schema cannot say: the checks that Argo Rollouts makes when it reads a document or starts a run, and those
 * that keep a hold from turning into a promotion. They read nothing but the documents.
 */
import type { FieldError } from '../../src/domain/errors.js';
import type { AnalysisTemplate, ArgoDocument } from './argo-documents.js';
import { checkExperimentSteps } from './rules/experiment-steps.js';
import { checkMetricDecides, checkMetricLimits, checkMetricWatches } from './rules/metric-limits.js';
import { checkMetricSelections } from './rules/metric-selections.js';
import { checkRolloutReferences } from './rules/rollout-references.js';
import { checkRolloutSteps } from './rules/rollout-steps.js';
import { checkRolloutWatch } from './rules/rollout-watch.js';
import { checkTemplateArguments } from './rules/template-arguments.js';
import { roleOf } from './rules/template-roles.js';
import { checkTrafficRouting } from './rules/traffic-routing.js';
import { checkWebCredentials } from './rules/web-credentials.js';
import { checkWebProvider } from './rules/web-provider.js';

/** @param known every document that this one may name: those of its file, and the shipped templates. */
export function checkSemantics(
  document: ArgoDocument,
  known: readonly ArgoDocument[],
): readonly FieldError[] {
  switch (document.kind) {
    case 'AnalysisTemplate':
    case 'ClusterAnalysisTemplate':
      return checkTemplate(document);
    case 'Rollout':
      return [
        ...checkRolloutSteps(document),
        ...checkRolloutReferences(document, known),
        ...checkRolloutWatch(document),
        ...checkExperimentSteps(document),
        ...checkTrafficRouting(document, known),
      ];
    // Nothing to check in themselves: what names them is.
    case 'Service':
    case 'VirtualService':
    case 'Ingress':
    case 'HTTPRoute':
      return [];
  }
}

function checkTemplate(template: AnalysisTemplate): readonly FieldError[] {
  const { metrics } = template.spec;
  if (metrics.length === 0) return [{ path: 'spec.metrics', message: 'expected at least one metric' }];
  const names = metrics.map((metric) => metric.name);
  const checkRole = roleOf(template) === 'background' ? checkMetricWatches : checkMetricDecides;
  return [
    ...metrics.flatMap((metric, index) => {
      const at = `spec.metrics[${index}]`;
      const repeated = names.indexOf(metric.name) !== index;
      return [
        ...(repeated ? [{ path: `${at}.name`, message: `two metrics are named "${metric.name}"` }] : []),
        ...checkMetricLimits(metric, at),
        ...checkRole(metric, at),
        ...checkWebProvider(metric, at),
      ];
    }),
    ...checkWebCredentials(template),
    ...checkTemplateArguments(template),
    ...checkMetricSelections(template),
  ];
}
