import type { Field } from '../files/field.js';
import type { NamedAnalysis, UseRole } from './analysis-use.js';
import { trafficAt } from './canary-steps.js';
import { LintedObject } from './linted-object.js';
import { templateReference } from './template-reference.js';

/** A Rollout, of which only the strategy is looked at. */
export class Rollout extends LintedObject {
  get canary(): Field {
    return this.root.at('spec', 'strategy', 'canary');
  }

  get steps(): readonly Field[] {
    return this.canary.at('steps').items();
  }

  /** Whether a traffic router splits the requests; else a weight is a count of pods. */
  get hasRouter(): boolean {
    return this.canary.at('trafficRouting').exists;
  }

  /** The weight that is all traffic. */
  get maxWeight(): number {
    const { value } = this.canary.at('trafficRouting', 'maxTrafficWeight');
    return typeof value === 'number' && value > 0 ? value : 100;
  }

  /** Undefined where it is not said, or somebody else scales. */
  get replicas(): number | undefined {
    const { value } = this.root.at('spec', 'replicas');
    return typeof value === 'number' ? value : undefined;
  }

  /** Every analysis that it starts. */
  get analyses(): readonly NamedAnalysis[] {
    const blueGreen = this.root.at('spec', 'strategy', 'blueGreen');
    return [
      ...named('background', this.canary.at('analysis')),
      ...this.steps.flatMap((step, index) => [
        ...named('step', step.at('analysis')).map((one) => ({
          ...one,
          traffic: trafficAt(this.steps, index, this.maxWeight),
        })),
        ...experimentAnalyses(step.at('experiment')),
      ]),
      ...named('promotion', blueGreen.at('prePromotionAnalysis')),
      ...named('promotion', blueGreen.at('postPromotionAnalysis')),
    ];
  }
}

/** An Experiment by itself. */
export class Experiment extends LintedObject {
  get analyses(): readonly NamedAnalysis[] {
    return experimentAnalyses(this.root.at('spec'));
  }
}

function named(role: UseRole, field: Field): readonly NamedAnalysis[] {
  if (!field.exists) return [];
  return [{ role, field, references: field.at('templates').items().map(templateReference) }];
}

function experimentAnalyses(experiment: Field): readonly NamedAnalysis[] {
  return experiment
    .at('analyses')
    .items()
    .map((field) => ({ role: 'experiment', field, references: [templateReference(field)], experiment }));
}
