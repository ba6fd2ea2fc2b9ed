import type { Rule } from '../rule.js';

export const backgroundHolds: Rule = {
  name: 'background-holds',
  severity: 'error',
  what: 'a background run that a hold ends: it pauses the rollout, before the canary has traffic already',
  of: 'use',
  check(use) {
    if (use.role !== 'background') return [];
    return use.gates
      .filter(
        ({ successCondition, failureCondition }) =>
          successCondition !== undefined && failureCondition !== undefined,
      )
      .map((metric) => ({
        field: use.field,
        message: `a background run begins before the canary has traffic, when every answer is a hold: more than ${metric.limit('inconclusiveLimit') ?? 'inconclusiveLimit'} of them pause the rollout for the metric "${metric.name}"`,
        fix: 'use a template with a failureCondition alone (ml-model-background): its holds are no pause, its rollback aborts',
      }));
  },
};
