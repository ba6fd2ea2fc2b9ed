import { followJsonPath } from '../conditions/json-path.js';
import { sampleAnswers } from '../conditions/sample-answers.js';
import type { Rule } from '../rule.js';

const usual = '{$.measurement}';

export const jsonPath: Rule = {
  name: 'json-path',
  severity: 'error',
  what: 'the jsonPath finds nothing of an answer, or something else than the measurement',
  of: 'metric',
  check({ metric }) {
    const field = metric.web.at('jsonPath');
    const text = field.plainText ?? '';
    const fix = `write jsonPath: '${usual}' and read the verdict as result[1]`;
    if (text === '') {
      const message =
        'without a jsonPath the whole answer is stored with every measurement, and the dashboard shows [object Object]';
      return [{ field, message, fix, severity: 'warning' }];
    }
    const [sample] = sampleAnswers;
    const found = followJsonPath(text, sample?.answer);
    if (found.kind === 'value' && found.value === sample?.answer['measurement']) return [];
    switch (found.kind) {
      case 'literal':
        return [
          {
            field,
            message:
              'a jsonPath without braces is taken as text: conditions see the path itself, never a verdict',
            fix,
          },
        ];
      case 'nothing':
        return [
          {
            field,
            message: `an answer has no "${text}": every measurement is an Error, and in the end the rollout aborts`,
            fix,
          },
        ];
      case 'unknown':
      case 'value':
        return [
          {
            field,
            message:
              'the dashboard shows the estimate and the sentence of a verdict only where the measurement is stored',
            fix,
            severity: 'warning',
          },
        ];
    }
  },
};
