import assert from 'node:assert/strict';
import type { AnalysisRunState, MetricResult } from '../../cluster/analysis-run-state.js';
import type { Asked, Script } from '../scripted-service.js';
import type { TemplateName } from '../shipped-run.js';

/** What has to become of an AnalysisRun, whatever the release. */
export interface ContractCase {
  /** Of the run and of its model. */
  readonly name: string;
  readonly template: TemplateName;
  /** Only these of its metrics; absent: all of them. */
  readonly metrics?: readonly string[];
  /** All metrics as dry runs, as a Rollout can say. */
  readonly isShadow?: true;
  /** What the service answers, for people. */
  readonly answers: string;
  readonly script: Script;
  /** Who answers: the scripted service, one that listens only after the first refusal, or the real program. */
  readonly service?: 'late' | 'real';
  /** The key of the Secret with the token; absent: the right one. */
  readonly tokenKey?: string;
  /** The metric that {@link measurements} are of. */
  readonly metric: string;
  /** The phases of its measurements, from the first one. */
  readonly measurements: readonly string[];
  /** The phase of the run by then: `Running` where it goes on. */
  readonly run: string;
  /** Looks closer. */
  readonly check?: (run: AnalysisRunState, asked: readonly Asked[]) => void;
}

/** The metric of a run; fails where there is none. */
export function metricOf(run: AnalysisRunState, name: string): MetricResult {
  return (
    run.metrics.find((metric) => metric.name === name) ??
    assert.fail(`run ${run.name} is ${run.phase} without a metric ${name}: ${run.message}`)
  );
}

/** Whether a run is where the case ends. */
export function isOver({ metric, measurements, run }: ContractCase, state: AnalysisRunState): boolean {
  if (isEnded(state)) return true;
  const found = state.metrics.find(({ name }) => name === metric)?.measurements ?? [];
  return (
    run === 'Running' &&
    found.filter(({ finishedAt }) => finishedAt !== undefined).length >= measurements.length
  );
}

export function isEnded({ phase }: AnalysisRunState): boolean {
  return !['', 'Pending', 'Running'].includes(phase);
}
