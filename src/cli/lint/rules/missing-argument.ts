import type { Problem } from '../finding.js';
import type { Rule } from '../rule.js';

export const missingArgument: Rule = {
  name: 'missing-argument',
  severity: 'error',
  what: 'an argument without a default gets no value: the run cannot be made',
  of: 'use',
  check(use) {
    const given = new Map(use.args.map((arg) => [arg.name, arg]));
    const declared = new Map(
      use.templates.flatMap(({ args }) => args.map((arg) => [arg.name, arg] as const)),
    );
    // Of several templates any may have the default.
    const withDefault = new Set(
      use.templates.flatMap(({ args }) =>
        args.filter(({ from }) => from !== 'nothing').map(({ name }) => name),
      ),
    );
    const missing: readonly Problem[] = [...declared.keys()]
      .filter((name) => !withDefault.has(name) && !given.has(name))
      .map((name) => ({
        field: use.field.at('args'),
        message: `"${name}" has no default and is not given: the Rollout is InvalidSpec, or the run ends in Error`,
        fix: `add { name: ${name}, … } to args`,
      }));
    const empty: readonly Problem[] = use.args
      .filter(({ from, name }) => from === 'nothing' && declared.has(name) && !withDefault.has(name))
      .map(({ field, name }) => ({
        field,
        message: `"${name}" stands here without a value: the run ends in Error`,
        fix: 'add a value, or a valueFrom',
      }));
    return [...missing, ...empty];
  },
};
