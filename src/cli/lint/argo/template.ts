import type { Field } from '../files/field.js';
import { argumentsOf, writtenValues, type Argument } from './argument.js';
import { LintedObject } from './linted-object.js';
import { selections, selects, type MetricSelection } from './metric-selection.js';
import { Metric } from './metric.js';
import { templateReference, type TemplateReference } from './template-reference.js';

export const templateKinds = ['AnalysisTemplate', 'ClusterAnalysisTemplate', 'AnalysisRun'] as const;

/** An AnalysisTemplate, a ClusterAnalysisTemplate, or an AnalysisRun, which is one with its values filled in. */
export class Template extends LintedObject {
  readonly args: readonly Argument[];
  /** The texts of the arguments that have one. */
  readonly defaults: ReadonlyMap<string, string>;
  readonly metrics: readonly Metric[];
  readonly dryRuns: readonly MetricSelection[];
  readonly retentions: readonly MetricSelection[];
  /** Templates whose metrics it takes over. */
  readonly nested: readonly TemplateReference[];

  /** `given`: the values that the analyses give which use it. */
  constructor(root: Field, given: readonly ReadonlyMap<string, string>[] = []) {
    super(root);
    const spec = root.at('spec');
    this.args = argumentsOf(spec.at('args'));
    this.defaults = writtenValues(this.args);
    this.dryRuns = selections(spec.at('dryRun'));
    this.retentions = selections(spec.at('measurementRetention'));
    this.metrics = spec
      .at('metrics')
      .items()
      .map((field) => {
        const name = field.at('name').text ?? '';
        const dryRun = this.dryRuns.some((one) => selects(one, name));
        return new Metric(field, { dryRun, values: this.defaults, given });
      });
    this.nested = spec.at('templates').items().map(templateReference);
  }

  /** Whether it is a run that was started, no template any more: its arguments have their values. */
  get isRun(): boolean {
    return this.kind === 'AnalysisRun';
  }

  /** The metrics that ask ml-verdict. */
  get verdictMetrics(): readonly Metric[] {
    return this.metrics.filter((metric) => metric.callsVerdict);
  }
}
