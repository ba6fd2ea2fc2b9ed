import { parseWeightPercent } from '../../../domain/units.js';
import type { Argument } from '../argo/argument.js';
import { onlyArgument } from '../argo/placeholders.js';
import type { AnalysisUse } from '../argo/analysis-use.js';
import { Rollout } from '../argo/rollout.js';
import type { Problem } from '../finding.js';
import type { Rule } from '../rule.js';

/** The service compares the split of the requests with the weight that it is told. */
export const weightArgument: Rule = {
  name: 'weight-argument',
  severity: 'error',
  what: 'the weight of the question is not that of the step: the verdict holds with sample-ratio',
  of: 'use',
  check(use) {
    const names = use.metrics
      .filter((metric) => metric.callsVerdict)
      .map((metric) => onlyArgument(metric.web.at('jsonBody', 'weight').text ?? ''));
    const argument = use.args.find(({ name }) => names.includes(name));
    return argument === undefined ? [] : check(use, argument);
  },
};

function check(use: AnalysisUse, { field, from, value }: Argument): readonly Problem[] {
  if (from === 'field') {
    const path = field.at('valueFrom', 'fieldRef', 'fieldPath').text ?? '';
    const routed = !(use.owner instanceof Rollout) || use.owner.hasRouter;
    if (routed || !path.startsWith('status.canary.weights')) return [];
    const message = `a Rollout without trafficRouting has no ${path}: the run cannot be made, and the rollout stays where it is`;
    return [{ field, message, fix: 'write the weight of the step out, or leave the argument away' }];
  }
  if (value === undefined || value === '') return [];
  if (use.role === 'background') {
    const message = `a background run keeps its arguments: at every step but one the weight is not ${value}, and the verdict holds with sample-ratio`;
    return [{ field, message, fix: 'leave the weight away for the background run' }];
  }
  const weight = use.traffic?.weight;
  const told = parseWeightPercent(value);
  if (use.role !== 'step' || weight === undefined || typeof told !== 'number') return [];
  if (Math.abs(told * 100 - weight) < 1e-9) return [];
  const message = `the last setWeight is ${weight}, the service is told ${value}: the split is not the one it expects, and the verdict holds with sample-ratio`;
  return [{ field, message, fix: `write value: '${weight}'` }];
}
