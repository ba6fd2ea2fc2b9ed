/** Canaries that are as good as the stable version: each ends up serving everybody. */
import assert from 'node:assert/strict';
import type { AnalysisRunState } from '../cluster/analysis-run-state.js';
import {
  decidingFinding,
  endingOf,
  readMeasurement,
  untilPromoted,
  type Ending,
  type Finding,
  type Scenario,
} from './scenario.js';
import { baseline, gated, routedByNginx, withClusterTemplates, withMetrics } from './shipped-sets.js';
import { ExperimentTraffic } from './experiment-traffic.js';
import { Stage, type StageOptions, type StageParts } from './stage.js';

/** Plays a healthy canary to its end; `look` sees the stage while it is still there. */
async function playHealthy(
  parts: StageParts,
  options: Omit<StageOptions, 'character'>,
  look: (stage: Stage, finding: Finding) => Promise<void> | void = () => undefined,
): Promise<Ending> {
  const stage = await Stage.open(parts, { ...options, character: 'healthy' });
  try {
    await stage.release();
    const state = await untilPromoted(stage);
    const finding = await decidingFinding(stage, { phase: 'Successful', type: 'Step' });
    const [, verdict] = readMeasurement(finding.measurement);
    assert.equal(verdict, 'promote');
    await look(stage, finding);
    return await endingOf(stage, state, finding);
  } finally {
    stage.close();
  }
}

const guardrails = ['error-rate', 'latency-p99', 'prediction-drift', 'business-proxy'];

/** One that is ready early is measured on while another still waits, and all of them promote with the same look. */
function assertWatchedTogether(runs: readonly AnalysisRunState[]): void {
  let hasWaited = false;
  for (const { name: run, metrics } of runs) {
    assert.deepEqual(metrics.map(({ name }) => name).sort(), [...guardrails].sort());
    for (const { name, phase, successful, measurements } of metrics) {
      assert.equal(phase, 'Successful', `${run} ${name}`);
      assert.equal(successful, 1, `${run} ${name}`);
      hasWaited ||= measurements.some(
        (one) => one.phase === 'Inconclusive' && one.value.includes('waiting for'),
      );
    }
  }
  assert.ok(hasWaited, 'no guardrail was ready before the others');
}

export const healthyScenarios: readonly Scenario[] = [
  {
    name: 'healthy',
    title: 'a healthy canary goes through all weights, is judged at the end, and is promoted',
    play: (parts) => playHealthy(parts, { name: 'healthy', files: withMetrics }),
  },
  {
    name: 'ready-early',
    title: 'a guardrail that is ready early is measured on until all are, by the weights of a router',
    play: (parts) =>
      playHealthy(
        parts,
        { name: 'ready-early', files: routedByNginx, requestsPerLook: 1500 },
        async (stage) => {
          assertWatchedTogether((await stage.runs()).filter(({ type }) => type === 'Step'));
        },
      ),
  },
  {
    name: 'gated',
    title:
      'rising confidence: the combined verdict lets a canary through three gates, its guardrails are dry runs',
    play: (parts) =>
      playHealthy(parts, { name: 'gated', files: gated }, async (stage) => {
        const runs = (await stage.runs()).filter(({ type }) => type === 'Step');
        assert.equal(runs.length, 3);
        for (const { phase, metrics } of runs) {
          assert.equal(phase, 'Successful');
          assert.deepEqual(
            metrics
              .filter(({ dryRun }) => dryRun)
              .map(({ name }) => name)
              .sort(),
            [...guardrails].sort(),
          );
          assert.deepEqual(
            metrics.filter(({ dryRun }) => !dryRun).map(({ name }) => name),
            ['ml-verdict'],
          );
        }
      }),
  },
  {
    name: 'cluster-templates',
    title: 'templates of the whole cluster read the token of the namespace',
    play: (parts) => playHealthy(parts, { name: 'cluster-templates', files: withClusterTemplates }),
  },
  {
    name: 'baseline',
    title: 'a canary is compared with a fresh copy of the stable version first',
    play: async (parts) => {
      const experiment = new ExperimentTraffic(parts, 'baseline');
      try {
        return await playHealthy(parts, { name: 'baseline', files: baseline }, (_, { run }) => {
          assert.equal(run.phase, 'Successful');
          assert.equal(experiment.wasPlayed, true);
        });
      } finally {
        await experiment.close();
      }
    },
  },
  {
    name: 'two-models',
    title: 'two rollouts of two models at once do not know of each other',
    play: async (parts) => {
      const [one] = await Promise.all([
        playHealthy(parts, { name: 'two-models-one', files: gated }),
        playHealthy(parts, { name: 'two-models-two', files: gated }),
      ]);
      return one;
    },
  },
];
