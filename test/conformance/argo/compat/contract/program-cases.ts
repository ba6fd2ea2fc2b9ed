/** The real program answers. */
import assert from 'node:assert/strict';
import { inTurn } from '../scripted-service.js';
import { metricOf, type ContractCase } from './contract-case.js';

const metric = 'ml-verdict';
const real = {
  template: 'ml-model-verdict',
  metrics: [metric],
  metric,
  service: 'real',
  script: inTurn({ status: 404 }),
} as const;

export const programCases: readonly ContractCase[] = [
  {
    ...real,
    name: 'nobodys-model',
    answers: 'the real program, of a model that it has never heard of',
    measurements: ['Inconclusive', 'Inconclusive', 'Inconclusive'],
    run: 'Inconclusive',
    check: (run) => {
      const { value = '' } = metricOf(run, metric).measurements.at(-1) ?? {};
      assert.deepEqual(JSON.parse(value), [
        null,
        'hold',
        'unknown-model: model: nothing was recorded for "nobodys-model" in namespace "ml"; none is known',
      ]);
    },
  },
  {
    ...real,
    name: 'wrong-token',
    answers: 'the real program, to a token that it does not know',
    tokenKey: 'wrong',
    measurements: ['Error'],
    run: 'Running',
    check: (run) => {
      assert.equal(metricOf(run, metric).measurements.at(-1)?.message, 'received non 2xx response code: 401');
    },
  },
];
