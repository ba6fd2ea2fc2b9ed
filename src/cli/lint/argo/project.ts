import type { Field } from '../files/field.js';
import { AnalysisUse } from './analysis-use.js';
import type { LintedObject } from './linted-object.js';
import { Experiment, Rollout } from './rollout.js';
import type { TemplateReference } from './template-reference.js';
import { Template, templateKinds } from './template.js';

/** The objects of all files, which may name each other. */
export class Project {
  readonly templates: readonly Template[];
  readonly rollouts: readonly Rollout[];
  readonly experiments: readonly Experiment[];
  /** Every analysis that a Rollout or an Experiment starts. */
  readonly uses: readonly AnalysisUse[];

  constructor(objects: readonly Field[]) {
    const ofArgo = objects.filter((root) => root.at('apiVersion').text?.startsWith('argoproj.io/') === true);
    const ofKinds = (kinds: readonly string[]) =>
      ofArgo.filter((root) => kinds.includes(root.at('kind').text ?? ''));
    this.rollouts = ofKinds(['Rollout']).map((root) => new Rollout(root));
    this.experiments = ofKinds(['Experiment']).map((root) => new Experiment(root));
    const plain = ofKinds(templateKinds).map((root) => new Template(root));
    const firstUses = this.#usesOf(plain);
    this.templates = plain.map((template) => {
      const uses = firstUses.filter(({ templates }) => templates.includes(template));
      return new Template(
        template.root,
        uses.map((use) => use.valuesFor(template)),
      );
    });
    this.uses = this.#usesOf(this.templates);
  }

  /** How many objects are looked at. */
  get checked(): number {
    return this.templates.length + this.rollouts.length + this.experiments.length;
  }

  usesOf(template: Template): readonly AnalysisUse[] {
    return this.uses.filter(({ templates }) => templates.includes(template));
  }

  #usesOf(templates: readonly Template[]): readonly AnalysisUse[] {
    return [...this.rollouts, ...this.experiments].flatMap((owner) =>
      owner.analyses.map((named) => new AnalysisUse(owner, named, find(templates, owner, named.references))),
    );
  }
}

/** The templates that an analysis names, with those that they name themselves. */
function find(all: readonly Template[], owner: LintedObject, references: readonly TemplateReference[]) {
  const templates: Template[] = [];
  const missing: TemplateReference[] = [];
  const add = (reference: TemplateReference): void => {
    const template = nearest(all, owner, reference);
    if (template === undefined) missing.push(reference);
    else if (!templates.includes(template)) {
      templates.push(template);
      template.nested.forEach(add);
    }
  };
  references.forEach(add);
  return { templates, missing };
}

/** Of several of one name the one in the same namespace, then the one in the same file: overlays repeat names. */
function nearest(
  all: readonly Template[],
  owner: LintedObject,
  { kind, name }: TemplateReference,
): Template | undefined {
  const near = all.filter(
    (template) =>
      template.kind === kind &&
      template.name === name &&
      (kind === 'ClusterAnalysisTemplate' ||
        template.namespace === undefined ||
        owner.namespace === undefined ||
        template.namespace === owner.namespace),
  );
  return near.find(({ root }) => root.file === owner.root.file) ?? near[0];
}
