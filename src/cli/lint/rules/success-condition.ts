import type { Rule } from '../rule.js';

/** With a failureCondition alone a hold is Successful: what a background run needs, and nothing else. */
export const successCondition: Rule = {
  name: 'success-condition',
  severity: 'error',
  what: 'without a successCondition a hold is Successful, and the canary is promoted',
  of: 'metric',
  check({ metric, template }, { project }) {
    if (metric.successCondition !== undefined || metric.failureCondition === undefined) return [];
    // The background form: it never ends, so it never promotes. What ends there is told by background-ends.
    const uses = project.usesOf(template);
    if (metric.isEndless || (uses.length > 0 && uses.every(({ role }) => role === 'background'))) return [];
    return [
      {
        field: metric.field.at('successCondition'),
        message: 'without a successCondition whatever is no rollback is Successful: holds promote the canary',
        fix: 'add successCondition: default(result, ["", ""])[1] == "promote"; for a background run leave out count instead',
      },
    ];
  },
};
