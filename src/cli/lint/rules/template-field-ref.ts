import type { Rule } from '../rule.js';

export const templateFieldRef: Rule = {
  name: 'template-field-ref',
  severity: 'error',
  what: 'a fieldRef in the arguments of a template, which Argo never resolves',
  of: 'template',
  check: (template) =>
    template.args.flatMap(({ field, name }) =>
      field.at('valueFrom', 'fieldRef').exists
        ? [
            {
              field: field.at('valueFrom', 'fieldRef'),
              message: `Argo accepts a fieldRef here and never resolves it: "${name}" has no value and the run ends in Error`,
              fix: `declare "${name}" alone and give the fieldRef in the args of the Rollout's analysis`,
            },
          ]
        : [],
    ),
};
