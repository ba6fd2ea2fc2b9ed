/** The combined verdict of `ml-model-verdict` as a gate. */
import assert from 'node:assert/strict';
import type { AnalysisRunState } from '../../cluster/analysis-run-state.js';
import { broken, hold, measured, promote, rollback } from '../answers.js';
import { inTurn, type Asked } from '../scripted-service.js';
import { metricOf, type ContractCase } from './contract-case.js';

const metric = 'ml-verdict';
const gate = { template: 'ml-model-verdict', metrics: [metric], metric } as const;

export const gateCases: readonly ContractCase[] = [
  {
    ...gate,
    name: 'promote',
    answers: '`promote`',
    script: inTurn(promote),
    measurements: ['Successful'],
    run: 'Successful',
    check: (run, asked) => {
      checkStored(run, [0.03, 'promote', 'error-rate: errors 0.03 % < 0.5 %']);
      checkRequest(asked);
    },
  },
  {
    ...gate,
    name: 'rollback',
    answers: '`rollback`',
    script: inTurn(rollback),
    measurements: ['Failed'],
    run: 'Failed',
    check: (run) => {
      checkStored(run, [2.1, 'rollback', 'error-rate: errors 2.1 % > 1 %']);
      assert.equal(run.message, 'Metric "ml-verdict" assessed Failed due to failed (1) > failureLimit (0)');
    },
  },
  {
    ...gate,
    name: 'hold',
    answers: '`hold` until `inconclusiveLimit` is exceeded',
    script: inTurn(hold),
    measurements: ['Inconclusive', 'Inconclusive', 'Inconclusive'],
    run: 'Inconclusive',
    check: (run) => {
      checkStored(run, [null, 'hold', 'error-rate: no judged requests yet, warming up']);
      assert.match(run.message, /assessed Inconclusive due to inconclusive \(3\) > inconclusiveLimit \(2\)/);
    },
  },
  {
    ...gate,
    name: 'hold-hold-promote',
    answers: '`hold`, `hold`, `promote`',
    script: inTurn(hold, hold, promote),
    measurements: ['Inconclusive', 'Inconclusive', 'Successful'],
    run: 'Successful',
  },
  {
    ...gate,
    name: 'hold-rollback',
    answers: '`hold`, `rollback`',
    script: inTurn(hold, rollback),
    measurements: ['Inconclusive', 'Failed'],
    run: 'Failed',
  },
  {
    ...gate,
    name: 'unknown-verdict',
    answers: 'a verdict that the template does not know',
    script: inTurn(measured([0.3, 'wait', 'a sentence'])),
    measurements: ['Inconclusive', 'Inconclusive', 'Inconclusive'],
    run: 'Inconclusive',
  },
  {
    ...gate,
    name: 'null-measurement',
    answers: '`"measurement": null`',
    script: inTurn(measured(null)),
    measurements: ['Inconclusive', 'Inconclusive', 'Inconclusive'],
    run: 'Inconclusive',
  },
  {
    ...gate,
    name: 'no-measurement',
    answers: 'no `measurement`, then `promote`',
    script: inTurn({ body: '{"verdict":"promote"}' }, promote),
    measurements: ['Error', 'Successful'],
    run: 'Successful',
    check: (run) => {
      checkError(run, /measurement is not found/);
    },
  },
  {
    ...gate,
    name: 'short-measurement',
    answers: 'a measurement of one entry, then `promote`',
    script: inTurn(measured([0.31]), promote),
    measurements: ['Error', 'Successful'],
    run: 'Successful',
    check: (run) => {
      checkError(run, /out of range/);
    },
  },
  {
    ...gate,
    name: 'broken',
    answers: '500 twice, then `promote`',
    script: inTurn(broken, broken, promote),
    measurements: ['Error', 'Error', 'Successful'],
    run: 'Successful',
    check: (run) => {
      checkError(run, /received non 2xx response code: 500/);
    },
  },
  {
    ...gate,
    name: 'hold-broken-promote',
    answers: '`hold`, 500, `promote`',
    script: inTurn(hold, broken, promote),
    measurements: ['Inconclusive', 'Error', 'Successful'],
    run: 'Successful',
  },
  {
    ...gate,
    name: 'slow',
    answers: 'an answer after `timeoutSeconds`, then `promote`',
    script: inTurn({ ...promote, afterMs: 10_000 }, promote),
    measurements: ['Error', 'Successful'],
    run: 'Successful',
    check: (run) => {
      checkError(run, /Client\.Timeout exceeded/);
    },
  },
  {
    ...gate,
    name: 'refused',
    answers: 'nobody listens, then `promote`',
    service: 'late',
    script: inTurn(promote),
    measurements: ['Error', 'Successful'],
    run: 'Successful',
    check: (run) => {
      checkError(run, /connection refused/);
    },
  },
];

/** The small array and nothing else; Argo writes `<` and `>` of its sentence as escapes. */
function checkStored(run: AnalysisRunState, measurement: readonly unknown[]): void {
  const { value = '' } = metricOf(run, metric).measurements.at(-1) ?? {};
  assert.deepEqual(JSON.parse(value), measurement);
}

function checkError(run: AnalysisRunState, message: RegExp): void {
  assert.match(
    metricOf(run, metric).measurements.find(({ phase }) => phase === 'Error')?.message ?? '',
    message,
  );
}

/** The token as the Secret has it, and every argument as text. */
function checkRequest(asked: readonly Asked[]): void {
  const [request] = asked;
  assert.equal(asked.length, 1);
  assert.equal(request?.method, 'POST');
  assert.equal(request.path, '/v1/verdict');
  assert.equal(request.headers.authorization, 'Bearer a-token-of-the-contract');
  assert.equal(request.headers['content-type'], 'application/json');
  assert.deepEqual(JSON.parse(request.body), {
    namespace: 'ml',
    model: 'promote',
    canary: '6cb46b76bb',
    stable: '54976c4859',
    weight: '5',
    step: '',
    policy: '',
    confidence: '0.95',
    guardrails: {
      'error-rate': { promoteBelow: '0.5%', rollbackAbove: '1%' },
      'latency-p99': { promoteBelow: '200ms', rollbackAbove: '500ms' },
      'prediction-drift': { promoteBelow: '0.1', rollbackAbove: '0.2' },
      'business-proxy': { promoteAbove: '-1%', rollbackBelow: '-3%', ifUndecided: 'hold' },
    },
  });
}
