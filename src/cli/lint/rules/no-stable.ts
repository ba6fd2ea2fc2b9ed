import { askedRequest } from '../request/request.js';
import type { Rule } from '../rule.js';

export const noStable: Rule = {
  name: 'no-stable',
  severity: 'error',
  what: 'a question without the stable version: nothing is ever promoted',
  of: 'metric',
  check({ metric, template }) {
    const request = askedRequest(metric, template.defaults);
    if (request === undefined || metric.successCondition === undefined) return [];
    // An empty default is filled in by the Rollout, or meant.
    if (Object.hasOwn(request.values, 'stable') || request.unknown.has('stable')) return [];
    return [
      {
        field: metric.web.at('jsonBody', 'stable'),
        message:
          'the question names no stable version: absolute guardrails may roll back, nothing is promoted',
        fix: `add stable: '{{ args.stable-hash }}' and give the argument podTemplateHashValue: Stable`,
      },
    ];
  },
};
