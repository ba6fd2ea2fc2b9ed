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
    if (field.at('requiredForCompletion').value === true || (waits && !timed)) return [];
    const fix = 'add requiredForCompletion: true to the analysis, and leave duration away';
    const message = timed
      ? 'the experiment ends after its duration, whatever the analysis has told by then: holds go on to the next step'
      : 'without a duration and without requiredForCompletion the experiment never ends';
    return [{ field: field.at('requiredForCompletion'), message, fix }];
  },
};
