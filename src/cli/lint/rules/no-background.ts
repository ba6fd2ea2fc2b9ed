import type { Rule } from '../rule.js';

export const noBackground: Rule = {
  name: 'no-background',
  severity: 'warning',
  what: 'nobody watches between and after the analyses of the steps',
  of: 'rollout',
  check(rollout, { project }) {
    const uses = project.uses.filter(({ owner, role }) => owner === rollout && role !== 'promotion');
    const background = uses.filter(({ role }) => role === 'background');
    // Whoever it asks: a run of another provider watches as well.
    const watched = background.some(({ metrics, missing }) => metrics.length > 0 || missing.length > 0);
    const step = uses.find(({ role, asksVerdict }) => role === 'step' && asksVerdict);
    if (watched || step === undefined) return [];
    return [
      {
        field: rollout.canary.at('analysis'),
        message:
          'the steps are judged, but nobody watches during the pauses and after the last analysis: a late fault is not rolled back',
        fix: 'add strategy.canary.analysis with a template that only rolls back (ml-model-background)',
      },
    ];
  },
};
