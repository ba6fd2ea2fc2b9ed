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

/** The gates ask for 4 in 5 and for 19 in 20: evidence of 5:1 and of 20:1. */
const evidenceOfGates = ['5:1', '5:1', '20:1'];

/** Each of three gates had one verdict that counted, with more evidence asked for at the last; all else was a dry run. */
function assertRisingConfidence(runs: readonly AnalysisRunState[]): void {
  const needed = runs.map(({ phase, metrics }) => {
    assert.equal(phase, 'Successful');
    const dryRuns = metrics.filter(({ dryRun }) => dryRun).map(({ name }) => name);
    assert.deepEqual(dryRuns.sort(), [...guardrails].sort());
    const [gate, ...others] = metrics.filter(({ dryRun }) => !dryRun);
    assert.deepEqual([gate?.name, others.length], ['ml-verdict', 0]);
    const last = gate?.measurements.at(-1);
    assert.ok(last !== undefined);
    const [, verdict, sentence] = readMeasurement(last);
    assert.equal(verdict, 'promote');
    return / of ([\d.,]+:1) needed/.exec(sentence)?.[1];
  });
  assert.deepEqual(needed, evidenceOfGates);
}

/** A bad canary and a good one of two models, side by side in one namespace. */
async function playTwoModels(parts: StageParts): Promise<Ending> {
  const name = 'two-models';
  const bad = await Stage.open(parts, { name, character: 'errors', files: gated });
  try {
    const [ending] = await Promise.all([
      playHealthy(parts, { name, model: 'credit-scorer', isJoining: true, files: gated }),
      bad.release().then(() => bad.waitFor('aborted', ({ isAborted }) => isAborted)),
    ]);
    const { isAborted, stableHash } = await bad.read();
    assert.deepEqual([isAborted, stableHash], [true, bad.firstHash]);
    return ending;
  } finally {
    bad.close();
  }
}

async function playBaseline(parts: StageParts): Promise<Ending> {
  const name = 'baseline';
  const experiment = new ExperimentTraffic(parts, name);
  try {
    return await playHealthy(parts, { name, files: baseline }, async (stage) => {
      const [first, ...others] = (await stage.runs()).filter(({ type }) => type === '');
      assert.deepEqual([first?.phase, others.length], ['Successful', 0]);
      for (const { phase, measurements } of first?.metrics ?? []) {
        assert.equal(phase, 'Successful');
        assert.match(measurements.at(-1)?.value ?? '', /"promote"/);
      }
      // Neither version of the Rollout itself, but the copies that were started together.
      const asked = await experiment.askedHashes(first?.name ?? '');
      assert.deepEqual(asked, experiment.playedHashes);
      assert.notEqual(asked.stable, stage.firstHash);
    });
  } finally {
    await experiment.close();
  }
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
          assertWatchedTogether(await stage.stepRuns());
        },
      ),
  },
  {
    name: 'gated',
    title:
      'rising confidence: a combined verdict lets a canary through three gates, its guardrails are dry runs',
    play: (parts) =>
      playHealthy(parts, { name: 'gated', files: gated }, async (stage) => {
        assertRisingConfidence(await stage.stepRuns());
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
    play: playBaseline,
  },
  {
    name: 'two-models',
    title: 'two models of one namespace at once: the bad canary goes back, the good one is promoted',
    play: playTwoModels,
  },
];
