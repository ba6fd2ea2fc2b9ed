/** Several metrics in one run. */
import assert from 'node:assert/strict';
import { hold, promote, rollback } from '../answers.js';
import { inTurn } from '../scripted-service.js';
import { metricOf, type ContractCase } from './contract-case.js';

const guardrails = ['error-rate', 'latency-p99', 'prediction-drift', 'business-proxy'];

export const guardrailCases: readonly ContractCase[] = [
  {
    name: 'shadowed',
    template: 'ml-model-verdict',
    metric: 'ml-verdict',
    answers: '`promote`, and `rollback` for its dry-run guardrails',
    script: ({ guardrail }) => (guardrail === undefined ? promote : rollback),
    measurements: ['Successful'],
    run: 'Successful',
    check: (run) => {
      for (const name of guardrails) {
        const { dryRun, phase } = metricOf(run, name);
        assert.deepEqual({ dryRun, phase }, { dryRun: true, phase: 'Failed' }, name);
      }
    },
  },
  {
    name: 'all-promote',
    template: 'ml-model-metrics',
    metric: 'business-proxy',
    answers: '`promote` for all guardrails, after a `hold`',
    script: inTurn(hold, promote),
    measurements: ['Inconclusive', 'Successful'],
    run: 'Successful',
    check: (run, asked) => {
      assert.deepEqual(
        new Set(run.metrics.map(({ name, phase }) => `${name} ${phase}`)),
        new Set(guardrails.map((name) => `${name} Successful`)),
      );
      for (const { body } of asked) assert.match(body, /"promoteWith":"all"/);
    },
  },
  {
    name: 'one-rolls-back',
    template: 'ml-model-metrics',
    metric: 'prediction-drift',
    answers: '`rollback` for `prediction-drift`, `hold` for the others',
    script: ({ guardrail }) => (guardrail === 'prediction-drift' ? rollback : hold),
    measurements: ['Failed'],
    run: 'Failed',
    check: (run) => {
      assert.match(run.message, /^Metric "prediction-drift" assessed Failed/);
    },
  },
];
