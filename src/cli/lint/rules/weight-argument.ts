import { parseWeightPercent } from '../../../domain/units.js';
import type { AnalysisUse } from '../argo/analysis-use.js';
import type { Argument } from '../argo/argument.js';
import { placeholdersIn } from '../argo/placeholders.js';
import { Rollout } from '../argo/rollout.js';
import type { Problem } from '../finding.js';
import { askedRequest } from '../request/request.js';
import type { Rule } from '../rule.js';

/** The service compares the split of the requests with the weight that it is told. */
export const weightArgument: Rule = {
  name: 'weight-argument',
  severity: 'error',
  what: 'the weight of the question is not that of the step: the verdict holds with sample-ratio',
  of: 'use',
  check(use) {
    const told = new Set<unknown>();
    return use.templates.flatMap((template) =>
      use.metricsOf(template).flatMap((metric): readonly Problem[] => {
        const request = metric.callsVerdict ? askedRequest(metric, use.valuesFor(template)) : undefined;
        const text = request?.textOf('weight');
        if (request === undefined || text === undefined) return [];
        const argument = use.argument(request.templateArgument('weight'));
        if (told.has(argument ?? request.fieldOf('weight').line)) return [];
        told.add(argument ?? request.fieldOf('weight').line);
        if (argument !== undefined) return check(use, argument);
        // What the template itself says: a literal, or a default.
        const value = request.values['weight'];
        if (placeholdersIn(text).length > 0 && value === undefined) return [];
        return checkValue(use, String(value)).map((problem) => ({
          ...problem,
          field: request.fieldOf('weight'),
          object: template,
          fix:
            problem.severity === 'note'
              ? 'leave the weight away in a template for the background'
              : "write weight: '{{ args.weight }}' and let each step give it",
        }));
      }),
    );
  },
};

function check(use: AnalysisUse, { field, from, value }: Argument): readonly Problem[] {
  if (from !== 'field') return checkValue(use, value ?? '').map((problem) => ({ ...problem, field }));
  const path = field.at('valueFrom', 'fieldRef', 'fieldPath').text ?? '';
  const routed = !(use.owner instanceof Rollout) || use.owner.hasRouter;
  if (routed || !path.startsWith('status.canary.weights')) return [];
  const message = `a Rollout without trafficRouting has no ${path}: the run cannot be made, and the rollout stays where it is`;
  return [{ field, message, fix: 'write the weight of the step out, or leave the argument away' }];
}

function checkValue(use: AnalysisUse, value: string): readonly Problem[] {
  if (value === '') return [];
  const { field } = use;
  if (use.role === 'background') {
    const message = `a background run takes its arguments once, when it starts: at every other weight than ${value} its answers tell sample-ratio in place of a promote; a run that only rolls back does so all the same`;
    return [{ field, message, fix: 'leave the weight away for the background run', severity: 'note' }];
  }
  const { weight, weightField } = use.traffic ?? {};
  const told = parseWeightPercent(value);
  if (use.role !== 'step' || weight === undefined || typeof told !== 'number') return [];
  if (Math.abs(told * 100 - weight) < 1e-9) return [];
  const max = use.owner instanceof Rollout ? use.owner.maxWeight : 100;
  const last =
    max === 100 ? String(weight) : `${weightField?.plainText ?? ''} of ${max}, ${weight} % of the traffic`;
  const message = `the last setWeight is ${last}, the service is told ${value}: the split is not the one it expects, and the verdict holds with sample-ratio`;
  return [{ field, message, fix: `write value: '${weight}'` }];
}
