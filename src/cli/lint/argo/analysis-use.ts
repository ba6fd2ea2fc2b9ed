import type { Field } from '../files/field.js';
import { argumentsOf, writtenValues, type Argument } from './argument.js';
import type { StepTraffic } from './canary-steps.js';
import type { LintedObject } from './linted-object.js';
import { selections, selects, type MetricSelection } from './metric-selection.js';
import type { Metric } from './metric.js';
import type { TemplateReference } from './template-reference.js';
import type { Template } from './template.js';

/** Where an analysis stands: a canary's step or background, before or after a blue-green switch, in an experiment. */
export type UseRole = 'step' | 'background' | 'promotion' | 'experiment';

/** An analysis as its object names it. */
export interface NamedAnalysis {
  readonly role: UseRole;
  readonly field: Field;
  readonly references: readonly TemplateReference[];
  /** Of a canary's step. */
  readonly traffic?: StepTraffic;
  /** That it belongs to. */
  readonly experiment?: Field;
}

/** An analysis with the templates that it names, as far as they are among the files. */
export class AnalysisUse {
  readonly owner: LintedObject;
  readonly role: UseRole;
  readonly field: Field;
  readonly traffic: StepTraffic | undefined;
  readonly experiment: Field | undefined;
  readonly references: readonly TemplateReference[];
  /** With those that they name themselves. */
  readonly templates: readonly Template[];
  /** Those that are not among the files. */
  readonly missing: readonly TemplateReference[];
  readonly args: readonly Argument[];
  readonly dryRuns: readonly MetricSelection[];
  readonly retentions: readonly MetricSelection[];
  readonly #metrics: ReadonlyMap<Template, readonly Metric[]>;

  constructor(
    owner: LintedObject,
    named: NamedAnalysis,
    found: { readonly templates: readonly Template[]; readonly missing: readonly TemplateReference[] },
  ) {
    this.owner = owner;
    this.role = named.role;
    this.field = named.field;
    this.traffic = named.traffic;
    this.experiment = named.experiment;
    this.references = named.references;
    this.templates = found.templates;
    this.missing = found.missing;
    this.args = argumentsOf(named.field.at('args'));
    this.dryRuns = selections(named.field.at('dryRun'));
    this.retentions = selections(named.field.at('measurementRetention'));
    this.#metrics = new Map(
      this.templates.map((template) => {
        const values = this.valuesFor(template);
        return [template, template.metrics.map((metric) => this.#read(metric, values))] as const;
      }),
    );
  }

  /** Read with the values of this run, its dry runs included. */
  get metrics(): readonly Metric[] {
    return this.templates.flatMap((template) => this.metricsOf(template));
  }

  /** Those that come of one template, in its order. */
  metricsOf(template: Template): readonly Metric[] {
    return this.#metrics.get(template) ?? [];
  }

  get asksVerdict(): boolean {
    return this.metrics.some((metric) => metric.callsVerdict);
  }

  /** The metrics of ml-verdict that decide. */
  get gates(): readonly Metric[] {
    return this.metrics.filter((metric) => metric.callsVerdict && !metric.dryRun);
  }

  /** The texts of a template's arguments in this run: those given here, then its defaults. */
  valuesFor(template: Template): ReadonlyMap<string, string> {
    const given = new Set(this.args.map(({ name }) => name));
    // Argo puts the arguments of all templates together: any of them may have the default.
    const all = [...this.templates.flatMap(({ defaults }) => [...defaults]), ...template.defaults];
    return new Map([...all.filter(([name]) => !given.has(name)), ...writtenValues(this.args)]);
  }

  /** The argument of this analysis that fills a template's one. */
  argument(name: string | undefined): Argument | undefined {
    return name === undefined ? undefined : this.args.find((argument) => argument.name === name);
  }

  #read(metric: Metric, values: ReadonlyMap<string, string>): Metric {
    const dryRun = metric.dryRun || this.dryRuns.some((one) => selects(one, metric.name));
    return metric.read({ dryRun, values });
  }
}
