import type { AnalysisUse } from '../argo/analysis-use.js';
import { placeholdersIn } from '../argo/placeholders.js';
import type { Field } from '../files/field.js';
import type { Problem } from '../finding.js';
import type { LintContext, Rule, VerdictMetric } from '../rule.js';
import { errorLimit } from './error-limit.js';
import { firstHolds } from './first-holds.js';
import { holdsPromote } from './holds-promote.js';
import { limitsRefused } from './limits-refused.js';
import { requestPath } from './request-path.js';
import { rollbacksTolerated } from './rollbacks-tolerated.js';
import { silentPause } from './silent-pause.js';
import { unreachedPromotes } from './unreached-promotes.js';

/** The rules of what arguments may fill in of a metric beside the question. */
const again = [
  holdsPromote,
  rollbacksTolerated,
  unreachedPromotes,
  limitsRefused,
  firstHolds,
  silentPause,
  errorLimit,
  requestPath,
];

/** What a template has wrong already with its defaults is not told again. */
export const givenSettings: Rule = {
  name: 'given-settings',
  severity: 'error',
  what: 'what these rules find of limits, durations and addresses that a Rollout gives by arguments',
  of: 'use',
  check(use, context) {
    const seen = new Set<string>();
    return use.templates.flatMap((template) =>
      use.metricsOf(template).flatMap((metric, index) => {
        const usual = template.metrics[index];
        if (!metric.callsVerdict || usual === undefined) return [];
        const known = new Set(problemsOf({ metric: usual, template }, context).map(({ message }) => message));
        return problemsOf({ metric, template }, context).flatMap((problem) => {
          if (known.has(problem.message) || seen.has(problem.message)) return [];
          seen.add(problem.message);
          return [{ ...problem, field: givenField(use, problem.field, metric.field) }];
        });
      }),
    );
  },
};

function problemsOf(subject: VerdictMetric, context: LintContext): readonly Problem[] {
  return again.flatMap((rule) =>
    rule.of === 'metric'
      ? rule.check(subject, context).map((problem) => ({
          ...problem,
          severity: problem.severity ?? rule.severity,
        }))
      : [],
  );
}

const settings = [
  'count',
  'inconclusiveLimit',
  'failureLimit',
  'consecutiveSuccessLimit',
  'consecutiveErrorLimit',
  'interval',
  'initialDelay',
];

/** The argument that fills the field, else the first that fills a setting of the metric. */
function givenField(use: AnalysisUse, field: Field, metric: Field): Field {
  const fields = [field, ...settings.map((name) => metric.at(name))];
  const names = fields.flatMap((one) => placeholdersIn(one.text ?? '').map(({ arg }) => arg));
  const [argument] = names.flatMap((name) => use.argument(name) ?? []);
  return argument?.field.at('value') ?? use.field;
}
