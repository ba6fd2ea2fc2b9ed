import type { Rule } from '../rule.js';

export const endlessStep: Rule = {
  name: 'endless-step',
  severity: 'error',
  what: 'a step with a metric that never ends: the Rollout is InvalidSpec',
  of: 'use',
  check(use) {
    if (use.role !== 'step' && use.role !== 'promotion') return [];
    return use.metrics
      .filter((metric) => metric.callsVerdict && metric.isEndless)
      .map((metric) => ({
        field: use.field,
        message: `the metric "${metric.name}" has an interval and no count, so it never ends: Argo refuses the Rollout (InvalidSpec)`,
        fix: 'add count: 60 and inconclusiveLimit: 58 to the metric, or use the template in the background',
      }));
  },
};
