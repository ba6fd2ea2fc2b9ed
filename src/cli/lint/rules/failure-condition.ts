import type { Rule } from '../rule.js';

/** With one condition Argo knows two answers only: what is not Successful is Failed. */
export const failureCondition: Rule = {
  name: 'failure-condition',
  severity: 'error',
  what: 'without a failureCondition a hold aborts the rollout; without any condition everything promotes',
  of: 'metric',
  check({ metric }) {
    if (metric.failureCondition !== undefined) return [];
    const none = metric.successCondition === undefined;
    return [
      {
        field: metric.field.at('failureCondition'),
        message: none
          ? 'without any condition every answer is Successful: a rollback verdict promotes the canary'
          : 'without a failureCondition whatever is no promote is Failed: the first hold aborts the rollout',
        fix: `add failureCondition: default(result, ["", ""])[1] == "rollback"${none ? ', and a successCondition with "promote"' : ''}`,
      },
    ];
  },
};
