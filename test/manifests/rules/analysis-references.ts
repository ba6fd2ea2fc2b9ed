/** One analysis of a Rollout: the templates that it names, and the arguments that it gives them. */
import type { FieldError } from '../../../src/domain/errors.js';
import { suggestName } from '../../../src/domain/nearest-name.js';
import type {
  AnalysisTemplate,
  ArgoDocument,
  Argument,
  ExperimentStep,
  Rollout,
  TemplateReference,
} from '../argo-documents.js';
import { roleOf, type TemplateRole } from './template-roles.js';

/** An analysis wherever it stands: in the background, as a step, in an experiment. */
export interface AnalysisUse {
  readonly at: string;
  /** By the path of each reference. */
  readonly references: ReadonlyMap<string, TemplateReference>;
  readonly args: readonly Argument[];
  readonly role: TemplateRole;
  /** Where it belongs to an experiment: only then Argo fills in the names of the experiment's templates. */
  readonly experiment?: ExperimentStep;
}

/** Every analysis of a Rollout with its place. */
export function analysesOf(rollout: Rollout): readonly AnalysisUse[] {
  const { canary } = rollout.spec.strategy;
  const root = 'spec.strategy.canary';
  const byPath = (at: string, references: readonly TemplateReference[]) =>
    new Map(references.map((reference, index) => [`${at}.templates[${index}]`, reference] as const));
  const uses: AnalysisUse[] = [];
  if (canary.analysis !== undefined) {
    const { templates, args } = canary.analysis;
    const at = `${root}.analysis`;
    uses.push({ at, references: byPath(at, templates), args, role: 'background' });
  }
  canary.steps.forEach(({ analysis, experiment }, index) => {
    if (analysis !== undefined) {
      const at = `${root}.steps[${index}].analysis`;
      uses.push({ at, references: byPath(at, analysis.templates), args: analysis.args, role: 'gate' });
    }
    experiment?.analyses.forEach((use, position) => {
      const at = `${root}.steps[${index}].experiment.analyses[${position}]`;
      uses.push({ at, references: new Map([[at, use]]), args: use.args, role: 'gate', experiment });
    });
  });
  return uses;
}

/** @param known every document that may be named. */
export function checkAnalysis(
  use: AnalysisUse,
  rollout: Rollout,
  known: readonly ArgoDocument[],
): readonly FieldError[] {
  const found: FieldError[] = [];
  const templates: AnalysisTemplate[] = [];
  for (const [path, { templateName, clusterScope }] of use.references) {
    const kind = clusterScope ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate';
    const candidates = known.filter((document): document is AnalysisTemplate => document.kind === kind);
    const template = candidates.find((document) => document.metadata.name === templateName);
    const report = (message: string) => found.push({ path: `${path}.templateName`, message });
    if (template === undefined) {
      const names = candidates.map((document) => document.metadata.name);
      report(`no ${kind} "${templateName}"; ${suggestName(templateName, names)}`);
      continue;
    }
    templates.push(template);
    if (roleOf(template) === use.role) continue;
    report(
      use.role === 'background'
        ? `"${templateName}" is a gate: it would end, or pause the rollout on a hold`
        : `"${templateName}" is for the background: as a gate it would never end`,
    );
  }
  if (templates.length < use.references.size) return found;
  return [...found, ...checkArguments(use, templates, rollout), ...checkNames(templates, use.at)];
}

function checkArguments(
  { at, args: given, experiment }: AnalysisUse,
  templates: readonly AnalysisTemplate[],
  rollout: Rollout,
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
    for (const message of [...checkPlaceholders(arg, experiment), ...checkHash(arg, experiment)])
      report(message);
  });
  return found;
}

const placeholder = /\{\{(.*?)\}\}/g;

/** Argo fills in an argument's value for an experiment alone, and then only with what the experiment has. */
function checkPlaceholders(
  { name, value = '' }: Argument,
  experiment: ExperimentStep | undefined,
): readonly string[] {
  return [...value.matchAll(placeholder)].flatMap(([whole, tag = '']) => {
    if (experiment === undefined) return [`"${name}": ${whole} is filled in only in an experiment`];
    const known = experiment.templates.flatMap((template) =>
      ['podTemplateHash', 'replicaset.name'].map((field) => `templates.${template.name}.${field}`),
    );
    if (known.includes(tag.trim())) return [];
    return [`"${name}": the experiment has no ${whole}; ${suggestName(tag.trim(), known)}`];
  });
}

/** The two versions, not swapped, and those whose traffic is compared. */
function checkHash(
  { name, value, valueFrom }: Argument,
  experiment: ExperimentStep | undefined,
): readonly string[] {
  if (name !== 'canary-hash' && name !== 'stable-hash') return [];
  const role = name === 'canary-hash' ? 'canary' : 'stable';
  if (experiment === undefined) {
    const expected = role === 'canary' ? 'Latest' : 'Stable';
    const hash = valueFrom?.podTemplateHashValue;
    return hash === expected ? [] : [`"${name}": expected podTemplateHashValue: ${expected}`];
  }
  const template = experiment.templates.find(({ specRef }) => specRef === role);
  const expected = `{{templates.${template?.name ?? role}.podTemplateHash}}`;
  return value?.replaceAll(' ', '') === expected ? [] : [`"${name}": expected '${expected}'`];
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
