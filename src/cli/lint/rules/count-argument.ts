import { onlyArgument, placeholdersIn } from '../argo/placeholders.js';
import type { Rule } from '../rule.js';

/** Argo checks a template before it knows the arguments, with a placeholder in place of those without a default. */
export const countArgument: Rule = {
  name: 'count-argument',
  severity: 'error',
  what: 'count or interval is an argument without a default: the Rollout is InvalidSpec',
  of: 'metric',
  check({ metric, template }) {
    if (template.isRun) return [];
    return (['count', 'interval'] as const).flatMap((name) => {
      const field = metric.field.at(name);
      const args = placeholdersIn(field.text ?? '').map(({ arg }) => arg);
      const open = args.filter((arg) => arg !== undefined && !template.defaults.has(arg));
      if (open.length === 0) return [];
      const effect =
        name === 'count'
          ? 'so the metric counts as endless and the Rollout is InvalidSpec'
          : 'which is no duration';
      return [
        {
          field,
          message: `Argo checks the template with a placeholder in place of "${onlyArgument(field.text ?? '') ?? open.join(', ')}", ${effect}`,
          fix: `give the argument a default: value: '${name === 'count' ? 60 : '60s'}'`,
        },
      ];
    });
  },
};
