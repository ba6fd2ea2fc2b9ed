/** What a Rollout names elsewhere: templates with their arguments, services. */
import type { FieldError } from '../../../src/domain/errors.js';
import { suggestName } from '../../../src/domain/nearest-name.js';
import type { ArgoDocument, Rollout, Service } from '../argo-documents.js';
import { analysesOf, checkAnalysis } from './analysis-references.js';

/** @param known every document that may be named: those of the same file, and the shipped templates. */
export function checkRolloutReferences(
  rollout: Rollout,
  known: readonly ArgoDocument[],
): readonly FieldError[] {
  const { canary } = rollout.spec.strategy;
  const found = analysesOf(rollout).flatMap((use) => checkAnalysis(use, rollout, known));
  for (const field of ['canaryService', 'stableService'] as const) {
    const name = canary[field];
    if (name !== undefined)
      found.push(...checkService(name, rollout, known, `spec.strategy.canary.${field}`));
  }
  return found;
}

function checkService(
  name: string,
  rollout: Rollout,
  known: readonly ArgoDocument[],
  path: string,
): readonly FieldError[] {
  const services = known.filter((document): document is Service => document.kind === 'Service');
  const service = services.find((document) => document.metadata.name === name);
  if (service === undefined) {
    const names = services.map((document) => document.metadata.name);
    return [{ path, message: `no Service "${name}"; ${suggestName(name, names)}` }];
  }
  const labels = rollout.spec.template.metadata.labels;
  return Object.entries(service.spec.selector)
    .filter(([key, value]) => labels[key] !== value)
    .map(([key]) => ({
      path,
      message: `Service "${name}" selects "${key}", which no pod of the Rollout has`,
    }));
}
