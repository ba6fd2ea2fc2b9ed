import type { Rule } from '../rule.js';

export const duplicateMetric: Rule = {
  name: 'duplicate-metric',
  severity: 'error',
  what: 'two metrics of one name in one run, which Argo refuses',
  of: 'use',
  check(use) {
    const names = use.metrics.map(({ name }) => name);
    const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
    return twice.map((name) => ({
      field: use.field,
      message: `two metrics of this run are named "${name}": the run cannot be made`,
      fix: 'name them apart, or leave one template out',
    }));
  },
};
