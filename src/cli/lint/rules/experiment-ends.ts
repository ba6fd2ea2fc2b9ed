import type { Rule } from '../rule.js';

/** An experiment waits for an analysis only where it is told to. */
export const experimentEnds: Rule = {
  name: 'experiment-ends',
  severity: 'error',
  what: 'an experiment that does not wait for its analysis: it ends while that still holds, or never',
  of: 'use',
  check({ role, field, experiment, gates }) {
    if (role !== 'experiment' || experiment === undefined || gates.length === 0) return [];
    const waits = experiment
      .at('analyses')
      .items()
      .some((one) => one.at('requiredForCompletion').value === true);
    const timed = experiment.at('duration').exists;
    const required = field.at('requiredForCompletion');
    const endless = gates.find(
      (metric) => metric.isEndless && (metric.limit('consecutiveSuccessLimit') ?? 1) === 0,
    );
    if (endless !== undefined && required.value === true) {
      return [
        {
          field: required,
          message: `the experiment waits for the metric "${endless.name}", which has no count and no consecutiveSuccessLimit: no promote ends it`,
          fix: 'use a template with a count and consecutiveSuccessLimit: 1 (ml-model-metrics)',
        },
      ];
    }
    if (required.value === true || (waits && !timed)) return [];
    const fix = 'add requiredForCompletion: true to the analysis, and leave duration away';
    const message = timed
      ? 'the experiment ends after its duration, whatever the analysis has told by then: holds go on to the next step'
      : 'without a duration and without requiredForCompletion the experiment never ends';
    return [{ field: required, message, fix }];
  },
};
