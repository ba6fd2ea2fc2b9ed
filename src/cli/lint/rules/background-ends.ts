import type { Rule } from '../rule.js';

/** Argo starts a background run once. */
export const backgroundEnds: Rule = {
  name: 'background-ends',
  severity: 'error',
  what: 'a background run that ends: it is never run again, and the rest of the rollout is unwatched',
  of: 'use',
  check(use) {
    if (use.role !== 'background') return [];
    return use.gates.flatMap((metric) => {
      const limit = metric.limit('consecutiveSuccessLimit') ?? 0;
      const counted = metric.effectiveCount === undefined || metric.isEndless ? undefined : 'after its count';
      const ends = limit > 0 ? `after ${limit} ${limit === 1 ? 'promote' : 'promotes'}` : counted;
      if (ends === undefined) return [];
      return [
        {
          field: use.field,
          message: `the metric "${metric.name}" ends ${ends}, and a background run that has ended is never run again: nobody watches the rest of the rollout`,
          fix: 'use a template for the background (ml-model-background): a failureCondition alone, an interval, no count and no consecutiveSuccessLimit',
        },
      ];
    });
  },
};
