import type { Policy } from '../../../src/domain/policy.js';
import { builtInPolicies } from '../../../src/judge/index.js';
import { written } from '../../support/judging.js';

const errorRate = { name: 'errors', kind: 'error-rate', promoteBelow: 0.005, rollbackAbove: 0.01 };
const latency = { name: 'p99', kind: 'latency-quantile', promoteBelow: 200, rollbackAbove: 500 };
const drift = { name: 'drift', kind: 'prediction-drift', promoteBelow: 0.1, rollbackAbove: 0.2 };
const proxy = { name: 'proxy', kind: 'business-proxy', promoteAbove: -0.01, rollbackBelow: -0.03 };

/** Guardrails of all kinds, each as a policy may have it. */
const guardrails = [
  errorRate,
  latency,
  { ...latency, name: 'p50', quantile: 0.5, promoteBelow: 100, rollbackAbove: 200, interpolation: 'linear' },
  drift,
  { ...drift, name: 'kinds', output: 'kind', required: 'auto' },
  {
    ...drift,
    name: 'against-training',
    bins: 3,
    reference: { edges: [0.1, 0.2, 0.5, 0.8], counts: [0, 400, 300, 200, 100] },
  },
  {
    ...drift,
    name: 'against-classes',
    required: 'auto',
    onBreach: 'hold',
    reference: { labels: ['cat', 'dog'], counts: [0.5, 0.5, 0] },
  },
  proxy,
  { ...proxy, name: 'bounded', ifUndecided: 'bounded', outcome: 'hit-rate' },
  { ...proxy, name: 'mature', maturity: '5m', betterWhen: 'lower' },
  { name: 'error-ratio', kind: 'error-ratio' },
  { name: 'latency-ratio', kind: 'latency-ratio', quantile: 0.9, minimumDuration: '3m' },
  { name: 'flagged', kind: 'decision-rate', above: 0.5 },
  { name: 'cats', kind: 'decision-rate', label: 'cat', required: 'auto', ifUndecided: 'pass' },
];

/** Policies that between them reach every kind, mode and general rule. */
export const policiesOfAllKinds: readonly Policy[] = [
  ...builtInPolicies.values(),
  written({ guardrails }, 'all-kinds'),
  written(
    {
      warmUp: 0,
      warmUpAfterWeight: 0,
      confidence: 0.6,
      sharedIncident: 'rollback',
      horizonLooks: 3,
      guardrails: guardrails.map((settings) => ({ ifUndecided: 'pass', ...settings })),
    },
    'eager',
  ),
  written({ mode: 'threshold', guardrails }, 'to-the-letter'),
  written({ mode: 'threshold', window: '3m', guardrails }, 'last-minutes'),
  ...guardrails.map((settings) =>
    written({ warmUp: 0, guardrails: [{ ...settings, required: true }] }, `only-${settings.name}`),
  ),
];
