import type { Field } from '../files/field.js';
import { Rollout } from '../argo/rollout.js';
import type { Rule } from '../rule.js';

/** Whether a step sends something to the canary. */
function givesTraffic(step: Field): boolean {
  const { value: weight } = step.at('setWeight');
  return (
    (typeof weight === 'number' && weight > 0) ||
    step.at('setHeaderRoute').exists ||
    step.at('setMirrorRoute').exists
  );
}

export const noTraffic: Rule = {
  name: 'no-traffic',
  severity: 'error',
  what: 'an analysis before the canary has traffic: all its answers are holds, which pause the rollout',
  of: 'use',
  check({ owner, role, field, gates }) {
    if (role !== 'step' || !(owner instanceof Rollout) || gates.length === 0) return [];
    const own = owner.steps.findIndex((step) => step.at('analysis').path === field.path);
    if (owner.steps.slice(0, own).some(givesTraffic)) return [];
    return [
      {
        field,
        message:
          'no step before gives the canary any traffic: every answer is a hold, and they pause the rollout',
        fix: 'put a setWeight before the analysis',
      },
    ];
  },
};
