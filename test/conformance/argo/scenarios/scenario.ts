import assert from 'node:assert/strict';
import type { AnalysisRunState, Measurement, MetricResult } from '../cluster/analysis-run-state.js';
import type { RolloutState } from '../cluster/rollout-state.js';
import type { Stage, StageParts } from './stage.js';

/** Something that happens to a rollout, and how it has to end. */
export interface Scenario {
  /** Its namespace. */
  readonly name: string;
  /** What is seen, as the title of a test. */
  readonly title: string;
  /** Plays it and asserts its end. */
  readonly play: (parts: StageParts) => Promise<Ending>;
  /** Whether others would notice it: it is played once all others are over. */
  readonly isAlone?: true;
}

/** How a scenario ended, for people. */
export interface Ending {
  readonly rollout: string;
  readonly run: string;
  readonly measurement: string;
  readonly message: string;
  /** What `kubectl argo rollouts get rollout` shows then. */
  readonly seen: string;
}

/** A metric, the run that it is of, and its last measurement. */
export interface Finding {
  readonly run: AnalysisRunState;
  readonly metric: MetricResult;
  readonly measurement: Measurement;
}

/** Which run and metric is looked for; what is absent may be any. */
interface Sought {
  readonly phase: string;
  /** `Step` or `Background`. */
  readonly type?: string;
  readonly metric?: string;
}

/** What ended the newest run of such a phase. */
export async function decidingFinding(
  stage: Stage,
  { phase, type, metric: sought }: Sought,
): Promise<Finding> {
  const runs = await stage.runs();
  for (const run of runs.filter((one) => one.phase === phase && (type === undefined || one.type === type))) {
    for (const metric of run.metrics) {
      const measurement = metric.measurements.at(-1);
      if (sought !== undefined && metric.name !== sought) continue;
      if (metric.phase === phase && !metric.dryRun && measurement !== undefined) {
        return { run, metric, measurement };
      }
    }
  }
  throw new Error(`no run is ${phase}: ${runs.map(({ name, phase: is }) => `${name} ${is}`).join(', ')}`);
}

/** The stored value: an estimate or none, the verdict, and a sentence. */
export function readMeasurement({ value }: Measurement): readonly [number | null, string, string] {
  const stored = JSON.parse(value) as unknown;
  assert.ok(Array.isArray(stored) && stored.length === 3, `not the small array: ${value}`);
  const [estimate, verdict, sentence] = stored as readonly unknown[];
  assert.ok(estimate === null || typeof estimate === 'number', value);
  assert.ok(typeof verdict === 'string' && typeof sentence === 'string', value);
  assert.ok(sentence.length < 200, sentence);
  return [estimate, verdict, sentence];
}

export async function endingOf(
  stage: Stage,
  state: RolloutState,
  { run, measurement }: Finding,
): Promise<Ending> {
  return {
    seen: await stage.look(),
    rollout: `${state.phase}${state.isAborted ? ', aborted' : ''}`,
    // The runs of an experiment have no type.
    run: `${run.type === '' ? 'experiment' : run.type.toLowerCase()} ${run.phase}`,
    measurement: measurement.value,
    message: state.message === '' ? run.message : state.message,
  };
}

/** Waits until the canary serves everybody. */
export async function untilPromoted(stage: Stage): Promise<RolloutState> {
  return stage.waitFor(
    'promoted',
    (state) =>
      state.phase === 'Healthy' &&
      state.stableHash === state.currentHash &&
      state.stableHash !== stage.firstHash,
  );
}

/** Where a breach has to be found: which guardrail, by which kind of run, and by which metric of it. */
export interface Found {
  readonly guardrail: string;
  readonly type: 'Step' | 'Background';
  /** Absent: the metric has the name of the guardrail. */
  readonly metric?: string;
}

const abortedBy = { Step: 'Step-based', Background: 'Background' } as const;

/** Waits until everybody has the stable version again, because of what a guardrail found. */
export async function untilRolledBack(
  stage: Stage,
  { guardrail, type, metric = guardrail }: Found,
): Promise<Ending> {
  await stage.waitFor('aborted', ({ isAborted }) => isAborted);
  const state = await stage.waitFor(
    'at the stable version',
    ({ isAborted, currentShare, stableHash, phase }) =>
      isAborted && currentShare === 0 && stableHash === stage.firstHash && phase === 'Degraded',
  );
  const finding = await decidingFinding(stage, { phase: 'Failed', type, metric });
  const [, verdict, sentence] = readMeasurement(finding.measurement);
  assert.equal(verdict, 'rollback');
  assert.match(sentence, new RegExp(`^${guardrail}: `));
  const message = `${abortedBy[type]} analysis phase error/failed: Metric "${metric}" assessed Failed`;
  assert.ok(state.message.includes(message), `${state.message}, and not ${message}`);
  return endingOf(stage, state, finding);
}

/** Waits until a person has to decide, since the last analysis could not. */
export async function untilPaused(
  stage: Stage,
  metric: string,
): Promise<{ readonly state: RolloutState; readonly finding: Finding }> {
  const state = await stage.waitFor(
    'paused for a person',
    ({ phase, pauses }) => phase === 'Paused' && pauses.includes('InconclusiveAnalysisRun'),
  );
  return { state, finding: await decidingFinding(stage, { phase: 'Inconclusive', metric }) };
}
