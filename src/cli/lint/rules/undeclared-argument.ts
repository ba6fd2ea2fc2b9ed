import { suggestName } from '../../../domain/nearest-name.js';
import { placeholdersIn } from '../argo/placeholders.js';
import type { Field } from '../files/field.js';
import { helmPlaceholder } from '../files/parse-manifests.js';
import type { Rule } from '../rule.js';

/** Argo writes the whole metric as JSON and fills in its texts, keys included. */
export const undeclaredArgument: Rule = {
  name: 'undeclared-argument',
  severity: 'error',
  what: 'a metric names an argument that its template does not declare: the run ends in Error',
  of: 'metric',
  check({ metric, template }) {
    const declared = template.args.map(({ name }) => name);
    const told = new Set<string>();
    return textsOf(metric.field).flatMap(([field, text]) =>
      placeholdersIn(text).flatMap(({ whole, arg }) => {
        if ((arg !== undefined && declared.includes(arg)) || told.has(whole)) return [];
        told.add(whole);
        if (helmPlaceholder.test(whole)) {
          const message = `${whole} is for Helm: this is a chart's template, not yet a manifest`;
          return [{ field, message, fix: 'render it first: helm template CHART | ml-verdict lint -' }];
        }
        const help = suggestName(arg ?? whole.replace(/[{}\s]/g, ''), declared);
        const message = `${whole} is not declared in args: the run ends in Error and the rollout aborts`;
        return [{ field, message, fix: `declare it, or name another one; ${help}` }];
      }),
    );
  },
};

function textsOf(field: Field): readonly (readonly [Field, string])[] {
  if (field.text !== undefined) return [[field, field.text]];
  const below = field
    .fields()
    .flatMap(([key, child]) => [...(key.includes('{{') ? [[child, key] as const] : []), ...textsOf(child)]);
  return [...below, ...field.items().flatMap(textsOf)];
}
