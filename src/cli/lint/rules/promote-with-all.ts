import type { Rule } from '../rule.js';

/** A metric that has reached its success limit is not measured again. */
export const promoteWithAll: Rule = {
  name: 'promote-with-all',
  severity: 'warning',
  what: 'a guardrail that promotes early is not measured again, and goes unwatched while others still hold',
  of: 'template',
  check(template) {
    const gates = template.verdictMetrics.filter(({ dryRun }) => !dryRun);
    if (gates.length < 2) return [];
    return gates
      .filter(
        ({ web, successCondition }) =>
          successCondition !== undefined &&
          (web.at('jsonBody', 'guardrail').text ?? '') !== '' &&
          !/all|\{\{/.test(web.at('jsonBody', 'promoteWith').text ?? ''),
      )
      .map(({ name, web }) => ({
        field: web.at('jsonBody', 'promoteWith'),
        message: `once "${name}" has promoted it is not measured again: its guardrail goes unwatched while the others still hold`,
        fix: 'add promoteWith: all, so that the guardrails promote together',
      }));
  },
};
