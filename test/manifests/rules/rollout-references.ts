/** What a Rollout names elsewhere: templates with their arguments, services. */
import type { FieldError } from '../../../src/domain/errors.js';
import { suggestName } from '../../../src/domain/nearest-name.js';
import type { AnalysisTemplate, ArgoDocument, Argument, Rollout, Service } from '../argo-documents.js';

/** @param known every document that may be named: those of the same file, and the shipped templates. */
export function checkRolloutReferences(
  rollout: Rollout,
  known: readonly ArgoDocument[],
): readonly FieldError[] {
  const { canary } = rollout.spec.strategy;
  const at = 'spec.strategy.canary';
  const found: FieldError[] = [];
  canary.steps.forEach(({ analysis }, index) => {
    if (analysis === undefined) return;
    const path = `${at}.steps[${index}].analysis`;
    const templates: AnalysisTemplate[] = [];
    analysis.templates.forEach(({ templateName, clusterScope }, position) => {
      const kind = clusterScope ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
      const candidates = known.filter((document): document is AnalysisTemplate => document.kind === kind);
      const template = candidates.find((document) => document.metadata.name === templateName);
      if (template !== undefined) templates.push(template);
      else {
        const names = candidates.map((document) => document.metadata.name);
        const message = `no ${kind} "${templateName}"; ${suggestName(templateName, names)}`;
        found.push({ path: `${path}.templates[${position}].templateName`, message });
      }
    });
    if (templates.length === analysis.templates.length) {
      found.push(...checkArguments(analysis.args, templates, rollout, path), ...checkNames(templates, path));
    }
  });
  for (const field of ['canaryService', 'stableService'] as const) {
    const name = canary[field];
    if (name !== undefined) found.push(...checkService(name, rollout, known, `${at}.${field}`));
  }
  return found;
}

function checkArguments(
  given: readonly Argument[],
  templates: readonly AnalysisTemplate[],
  rollout: Rollout,
  at: string,
): readonly FieldError[] {
  const declared = templates.flatMap((template) => template.spec.args);
  const names = declared.map((arg) => arg.name);
  const found: FieldError[] = [];
  for (const { name, value, valueFrom } of declared) {
    if (value !== undefined || valueFrom !== undefined || given.some((arg) => arg.name === name)) continue;
    found.push({ path: `${at}.args`, message: `"${name}" is missing: the template has no default for it` });
  }
  given.forEach((arg, index) => {
    const report = (message: string) => found.push({ path: `${at}.args[${index}]`, message });
    // Argo drops it without a word.
    if (!names.includes(arg.name))
      report(`the template has no "${arg.name}"; ${suggestName(arg.name, names)}`);
    if (given.findIndex((other) => other.name === arg.name) !== index) report(`"${arg.name}" is given twice`);
    if (arg.value === undefined && arg.valueFrom === undefined) report(`"${arg.name}" has no value`);
    const hash = arg.valueFrom?.podTemplateHashValue;
    if (hash !== undefined && !['Latest', 'Stable'].includes(hash)) report('expected Latest or Stable');
    const path = arg.valueFrom?.fieldRef?.fieldPath;
    if (path !== undefined && !resolves(path, rollout)) report(`a Rollout has no field "${path}"`);
  });
  return found;
}

const downwardFields = /^metadata\.(name|namespace|uid|labels|annotations|(labels|annotations)\['[^']+'\])$/;
const statusFields = /^status\.(currentStepIndex|currentPodHash|stableRS|canary\.weights\..+)$/;

/** Metadata as in the downward API; anything else is walked through the Rollout and has to end in a plain value. */
function resolves(path: string, rollout: Rollout): boolean {
  if (path.startsWith('metadata')) return downwardFields.test(path);
  if (path.startsWith('status.')) return statusFields.test(path);
  let value: unknown = rollout;
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== '')) {
    if (typeof value !== 'object' || value === null) return false;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** The templates of one analysis become one run, in which a metric's name is its identity. */
function checkNames(templates: readonly AnalysisTemplate[], at: string): readonly FieldError[] {
  const names = templates.flatMap((template) => template.spec.metrics.map((metric) => metric.name));
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return twice.map((name) => ({ path: `${at}.templates`, message: `two templates have a metric "${name}"` }));
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
