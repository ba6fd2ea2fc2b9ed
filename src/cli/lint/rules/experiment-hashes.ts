import type { Problem } from '../finding.js';
import { askedRequest } from '../request/request.js';
import type { Rule } from '../rule.js';

/** Pods of an experiment report the hash of its own ReplicaSets, which any added label makes another one. */
export const experimentHashes: Rule = {
  name: 'experiment-hashes',
  severity: 'error',
  what: "an experiment whose analysis asks for the Rollout's hashes while its pods have hashes of their own: it holds for ever",
  of: 'use',
  check(use) {
    const labelled = use.experiment
      ?.at('templates')
      .items()
      .some((template) => template.at('metadata', 'labels').fields().length > 0);
    if (use.role !== 'experiment' || labelled !== true) return [];
    const names = use.templates.flatMap((template) =>
      use.metricsOf(template).flatMap((metric) => {
        const request = metric.callsVerdict ? askedRequest(metric, use.valuesFor(template)) : undefined;
        return (['canary', 'stable'] as const).map(
          (role) => [request?.templateArgument(role), role] as const,
        );
      }),
    );
    return use.args.flatMap((argument): readonly Problem[] => {
      const role = names.find(([name]) => name === argument.name)?.[1];
      if (role === undefined || (argument.from !== 'latest-hash' && argument.from !== 'stable-hash'))
        return [];
      const own = role === 'canary' ? 'canary' : 'baseline';
      return [
        {
          field: argument.field,
          message: `the labels of the experiment's templates give its pods hashes of their own: "${argument.name}" asks for the Rollout's, which has none of the traffic that is compared, and every answer is a hold`,
          fix: `write value: '{{templates.${own}.podTemplateHash}}', with the name of the experiment's own template`,
        },
      ];
    });
  },
};
