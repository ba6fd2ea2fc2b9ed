import type { Rule } from '../rule.js';

/** Argo compares the defaults before it looks at what is given. */
export const conflictingDefaults: Rule = {
  name: 'conflicting-defaults',
  severity: 'error',
  what: 'two templates of one run with different defaults for one argument, which Argo refuses',
  of: 'use',
  check(use) {
    const names = new Set(use.templates.flatMap(({ defaults }) => [...defaults.keys()]));
    return [...names].flatMap((name) => {
      const values = use.templates.flatMap(({ defaults }) => defaults.get(name) ?? []);
      if (new Set(values).size < 2) return [];
      return [
        {
          field: use.field.at('templates'),
          message: `the templates have different defaults for "${name}": Argo refuses them together, whatever is given here`,
          fix: 'give all but one of them the argument without a value, or the same one',
        },
      ];
    });
  },
};
