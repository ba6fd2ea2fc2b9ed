import type { Problem } from '../finding.js';
import type { Rule } from '../rule.js';

/** Argo checks the template with its own defaults; what the Rollout gives shows only in the run. */
export const endlessStep: Rule = {
  name: 'endless-step',
  severity: 'error',
  what: 'a step with a metric that never ends: the Rollout is InvalidSpec',
  of: 'use',
  check(use) {
    if (use.role !== 'step' && use.role !== 'promotion') return [];
    return use.templates.flatMap((template) =>
      use.metricsOf(template).flatMap((metric, index): readonly Problem[] => {
        const refused = template.metrics[index]?.isEndless === true;
        if (!metric.callsVerdict || (!refused && !metric.isEndless)) return [];
        const count = metric.field.at('count').exists ? 'a count of 0, which is none' : 'no count';
        const effect = refused ? 'Argo refuses the Rollout (InvalidSpec)' : 'the step is never over';
        return [
          {
            field: use.field,
            message: `the metric "${metric.name}" has an interval and ${count}, so it never ends: ${effect}`,
            fix: 'add count: 60 and inconclusiveLimit: 58 to the metric, or use the template in the background',
          },
        ];
      }),
    );
  },
};
