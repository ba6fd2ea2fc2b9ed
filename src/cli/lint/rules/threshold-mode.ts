import { askedRequest } from '../request/request.js';
import { judgeRequest } from '../request/judge-request.js';
import type { Metric } from '../argo/metric.js';
import type { Problem } from '../finding.js';
import type { LintContext, Rule } from '../rule.js';

function note(metric: Metric, values: ReadonlyMap<string, string>, context: LintContext): readonly Problem[] {
  const request = askedRequest(metric, values);
  if (request === undefined) return [];
  const { policy } = judgeRequest(request, context.policies);
  if (policy?.mode !== 'threshold') return [];
  return [
    {
      field: request.fieldOf(request.values['mode'] === 'threshold' ? 'mode' : 'policy'),
      message: `threshold mode judges by the figures of the moment ("guarantee": "none"): a healthy canary may be rolled back by chance, a bad one promoted`,
      fix: 'leave mode away, or write evidence, for verdicts with a stated rate of mistakes',
    },
  ];
}

export const thresholdMode: Rule = {
  name: 'threshold-mode',
  severity: 'note',
  what: 'a question in threshold mode, whose verdicts have no guarantee',
  of: 'template',
  check: (template, context) =>
    template.verdictMetrics.flatMap((metric) => note(metric, template.defaults, context)).slice(0, 1),
};

export const givenThresholdMode: Rule = {
  name: 'given-threshold-mode',
  severity: 'note',
  what: 'the same by an argument that a Rollout gives',
  of: 'use',
  check: (use, context) =>
    use.templates
      .flatMap((template) =>
        template.verdictMetrics.flatMap((metric) =>
          note(metric, template.defaults, context).length > 0
            ? []
            : note(metric, use.valuesFor(template), context),
        ),
      )
      .slice(0, 1)
      .map((problem) => ({ ...problem, field: use.field })),
};
