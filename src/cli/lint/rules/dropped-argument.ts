import { suggestName } from '../../../domain/nearest-name.js';
import type { Rule } from '../rule.js';

export const droppedArgument: Rule = {
  name: 'dropped-argument',
  severity: 'error',
  what: 'an argument that no template declares: Argo drops it without a word',
  of: 'use',
  check(use) {
    if (use.missing.length > 0) return [];
    const declared = use.templates.flatMap(({ args }) => args.map(({ name }) => name));
    return use.args
      .filter(({ name }) => !declared.includes(name))
      .map(({ field, name }) => ({
        field,
        message: `no template declares "${name}": Argo drops it without a word, and the default stays in force`,
        fix: suggestName(name, declared),
      }));
  },
};
