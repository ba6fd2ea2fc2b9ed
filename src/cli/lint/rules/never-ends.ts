import type { Rule } from '../rule.js';

/** An interval without a count is measured as long as the rollout lasts: right for a background run alone. */
export const neverEnds: Rule = {
  name: 'never-ends',
  severity: 'error',
  what: 'a metric without a count that a hold or a promote would end: of no use in a step, nor in the background',
  of: 'metric',
  check({ metric, template }, { project }) {
    if (!metric.isEndless || metric.dryRun) return [];
    if (metric.successCondition === undefined && (metric.limit('consecutiveSuccessLimit') ?? 0) === 0)
      return [];
    // Where it is used the other rules tell what happens there.
    if (project.usesOf(template).length > 0) return [];
    return [
      {
        field: metric.field.at('count'),
        message:
          'an interval without a count never ends: in a step the Rollout is InvalidSpec, and in the background its holds pause the rollout',
        fix: 'for a step add count: 60 and inconclusiveLimit: 58; for the background leave out successCondition and consecutiveSuccessLimit',
      },
    ];
  },
};
