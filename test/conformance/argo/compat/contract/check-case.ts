import assert from 'node:assert/strict';
import type { AnalysisRunState } from '../../cluster/analysis-run-state.js';
import type { Asked } from '../scripted-service.js';
import { metricOf, type ContractCase } from './contract-case.js';

/** Fails where a run became something else. */
export function checkCase(one: ContractCase, run: AnalysisRunState, asked: readonly Asked[]): void {
  const { measurements } = metricOf(run, one.metric);
  const seen = measurements.map(({ phase, value, message }) => `${phase} ${value}${message}`);
  assert.deepEqual(
    measurements.slice(0, one.measurements.length).map(({ phase }) => phase),
    one.measurements,
    seen.join('\n'),
  );
  assert.equal(run.phase, one.run, run.message);
  if (one.run !== 'Running') assert.equal(measurements.length, one.measurements.length, seen.join('\n'));
  one.check?.(run, asked);
}
