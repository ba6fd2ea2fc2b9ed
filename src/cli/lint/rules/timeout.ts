import { formatSeconds } from '../../../domain/units.js';
import type { Rule } from '../rule.js';

export const timeout: Rule = {
  name: 'timeout',
  severity: 'warning',
  what: 'Argo gives up before the service does, or waits longer than the interval',
  of: 'metric',
  check({ metric }, { deadlineSeconds }) {
    const field = metric.web.at('timeoutSeconds');
    const given = typeof field.value === 'number' && field.value > 0 ? field.value : 10;
    const { intervalSeconds } = metric;
    if (given <= deadlineSeconds) {
      return [
        {
          field,
          message: `Argo gives up after ${given} s${field.exists ? '' : ', its default'}, the service only after ${formatSeconds(deadlineSeconds)}: where its source is slow Argo sees an Error, which in the end aborts, in place of a hold`,
          fix: `set timeoutSeconds: ${Math.ceil(deadlineSeconds + 5)}`,
        },
      ];
    }
    if (intervalSeconds === undefined || intervalSeconds <= 0 || given <= intervalSeconds) return [];
    return [
      {
        field,
        message: `Argo waits ${given} s, longer than the interval of ${formatSeconds(intervalSeconds)}: a slow service holds up a worker of the controller`,
        fix: `set timeoutSeconds between ${Math.ceil(deadlineSeconds + 5)} and the interval; an interval below 60s gives the same answers`,
      },
    ];
  },
};
