/** The watch over a whole rollout: it rolls back or goes on. */
import assert from 'node:assert/strict';
import { broken, hold, measured, promote, rollback } from '../answers.js';
import { inTurn } from '../scripted-service.js';
import type { ContractCase } from './contract-case.js';

const metric = 'error-rate';
const watch = { template: 'ml-model-background', metrics: [metric], metric } as const;

export const backgroundCases: readonly ContractCase[] = [
  {
    ...watch,
    name: 'watch-holds',
    answers: '`hold`, `promote`, `hold`',
    script: inTurn(hold, promote, hold),
    measurements: ['Successful', 'Successful', 'Successful'],
    run: 'Running',
  },
  {
    ...watch,
    name: 'watch-rolls-back',
    answers: '`hold`, `promote`, `rollback`',
    script: inTurn(hold, promote, rollback),
    measurements: ['Successful', 'Successful', 'Failed'],
    run: 'Failed',
    check: (run) => {
      assert.match(
        run.message,
        /^Metric "error-rate" assessed Failed due to failed \(1\) > failureLimit \(0\)/,
      );
    },
  },
  {
    ...watch,
    name: 'watch-null',
    answers: '`"measurement": null`',
    script: inTurn(measured(null)),
    measurements: ['Successful', 'Successful'],
    run: 'Running',
  },
  {
    ...watch,
    name: 'watch-broken',
    answers: '500 twice, then `hold`',
    script: inTurn(broken, broken, hold),
    measurements: ['Error', 'Error', 'Successful'],
    run: 'Running',
  },
  {
    name: 'watch-all',
    template: 'ml-model-background',
    metric: 'business-proxy',
    answers: '`rollback` for `business-proxy` after a `hold`, `hold` for the others',
    script: ({ guardrail }, earlier) => (guardrail === 'business-proxy' && earlier > 0 ? rollback : hold),
    measurements: ['Successful', 'Failed'],
    run: 'Failed',
    check: (run) => {
      assert.match(run.message, /^Metric "business-proxy" assessed Failed/);
    },
  },
  {
    name: 'watch-in-shadow',
    template: 'ml-model-background',
    isShadow: true,
    metric: 'error-rate',
    answers: '`hold`, then `rollback` for all guardrails, which a Rollout takes as dry runs',
    script: inTurn(hold, rollback),
    measurements: ['Successful', 'Failed'],
    run: 'Successful',
  },
];
