/** What goes wrong around a healthy canary: it is neither rolled back for it nor promoted by it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AnalysisRunState } from '../cluster/analysis-run-state.js';
import { freePort } from '../../../support/prometheus/free-port.js';
import { until } from '../../../support/until.js';
import { startVerdictService, type VerdictService } from '../traffic/start-verdict-service.js';
import {
  decidingFinding,
  endingOf,
  readMeasurement,
  untilPaused,
  untilPromoted,
  type Ending,
  type Scenario,
} from './scenario.js';
import { gated } from './shipped-sets.js';
import { SlowRoad } from './slow-road.js';
import { Stage, type StageOptions, type StageParts } from './stage.js';

type Options = Omit<StageOptions, 'character' | 'files'>;

/** A service of the scenario's own, which it may do anything to. */
async function withOwnService<T>(
  parts: StageParts,
  config: Readonly<Record<string, unknown>>,
  play: (own: StageParts) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-scenario-'));
  let service: VerdictService | undefined;
  try {
    service = await startVerdictService({ clock: parts.clock, folder, config });
    return await play({ ...parts, service });
  } finally {
    await service?.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Plays a healthy canary that is disturbed in an analysis, and has to be promoted all the same. */
async function playDisturbed(
  parts: StageParts,
  options: Options,
  disturb: (stage: Stage) => Promise<void>,
): Promise<{ readonly ending: Ending; readonly stage: Stage }> {
  const stage = await Stage.open(parts, { ...options, character: 'healthy', files: gated });
  try {
    await stage.release();
    // In the midst of the second of three analyses.
    await stage.waitFor('at the second gate', ({ currentStepIndex }) => currentStepIndex === 3);
    await until(async () => (await secondGate(stage))?.phase === 'Running' && (await answersOf(stage)) > 0);
    const before = await answersOf(stage);
    await disturb(stage);
    const state = await untilPromoted(stage);
    // The same run went on, and what it was told before is not lost.
    assert.equal((await stage.stepRuns()).length, 3);
    assert.equal((await secondGate(stage))?.phase, 'Successful');
    assert.ok((await answersOf(stage)) > before, 'the analysis was over before anything happened');
    const finding = await decidingFinding(stage, { phase: 'Successful', type: 'Step' });
    return { ending: await endingOf(stage, state, finding), stage };
  } finally {
    stage.close();
  }
}

async function secondGate(stage: Stage): Promise<AnalysisRunState | undefined> {
  return (await stage.stepRuns())[1];
}

/** How many answers the second gate has had. */
async function answersOf(stage: Stage): Promise<number> {
  const metrics = (await secondGate(stage))?.metrics ?? [];
  return metrics.reduce((sum, { successful, inconclusive }) => sum + successful + inconclusive, 0);
}

/** How many measurements of all runs could not be made. */
async function errorsIn(stage: Stage): Promise<number> {
  const runs = await stage.runs();
  return runs.flatMap(({ metrics }) => metrics).reduce((sum, { error }) => sum + error, 0);
}

async function playServiceDown(parts: StageParts): Promise<Ending> {
  return withOwnService(parts, {}, async (own) => {
    const { ending, stage } = await playDisturbed(own, { name: 'service-down' }, async (disturbed) => {
      await own.service.kill();
      await pause(120_000);
      const { isAborted, phase } = await disturbed.read();
      assert.equal(isAborted, false);
      assert.notEqual(phase, 'Paused');
      await own.service.start();
    });
    assert.ok((await errorsIn(stage)) > 0, 'nobody noticed that the service was away');
    return ending;
  });
}

async function playServiceKilled(parts: StageParts): Promise<Ending> {
  return withOwnService(parts, {}, async (own) => {
    const { ending } = await playDisturbed(own, { name: 'service-killed' }, async () => {
      await own.service.kill();
      await own.service.start();
    });
    return ending;
  });
}

async function playSlowService(parts: StageParts): Promise<Ending> {
  const road = await SlowRoad.open(parts.service.url);
  try {
    const options = { name: 'slow-service', verdictUrl: road.url };
    const { ending, stage } = await playDisturbed(parts, options, async (disturbed) => {
      // Beyond the timeout of the template, and then within it.
      road.delayMs = 20_000;
      await until(async () => (await errorsIn(disturbed)) > 0);
      road.delayMs = 2000;
    });
    assert.ok((await errorsIn(stage)) > 0);
    return ending;
  } finally {
    road.close();
  }
}

async function playSourceDown(parts: StageParts): Promise<Ending> {
  const config = {
    prometheus: { servers: { main: { url: `http://127.0.0.1:${await freePort()}` } } },
    models: { '*': { source: 'prometheus', prometheus: { preset: 'http' } } },
  };
  return withOwnService(parts, config, async (own) => {
    const stage = await Stage.open(own, {
      name: 'source-down',
      character: 'healthy',
      files: gated,
      holds: 8,
    });
    try {
      await stage.release();
      const { state, finding } = await untilPaused(stage, 'ml-verdict');
      const [, verdict, sentence] = readMeasurement(finding.measurement);
      assert.equal(verdict, 'hold');
      assert.match(sentence, /refuses connections/);
      return await endingOf(stage, state, finding);
    } finally {
      stage.close();
    }
  });
}

async function playControllerRestart(parts: StageParts): Promise<Ending> {
  const { ending } = await playDisturbed(parts, { name: 'controller-restarted' }, async () => {
    await parts.cluster.restartController('SIGKILL');
  });
  return ending;
}

/** A bad canary is rolled back; mended by what is around it, the same pod template is tried again and is healthy. */
async function playRetry(parts: StageParts): Promise<Ending> {
  const stage = await Stage.open(parts, { name: 'retried', character: 'errors', files: gated });
  try {
    await stage.release();
    await stage.waitFor('aborted', ({ isAborted }) => isAborted);
    await stage.waitFor('back', ({ isAborted, currentShare }) => isAborted && currentShare === 0);
    const { currentHash: aborted } = await stage.read();
    await pause(parts.clock.realMs(120_000));
    stage.become(aborted, 'healthy');
    await parts.cluster.retry(stage.namespace, stage.model);
    const state = await untilPromoted(stage);
    assert.equal(state.stableHash, aborted);
    return await endingOf(stage, state, await decidingFinding(stage, { phase: 'Successful', type: 'Step' }));
  } finally {
    stage.close();
  }
}

export const disturbanceScenarios: readonly Scenario[] = [
  {
    name: 'service-down',
    title: 'the service is away for two minutes in the midst of an analysis: the canary waits and goes on',
    play: playServiceDown,
  },
  {
    name: 'service-killed',
    title: 'the service is killed and started again in the midst of an analysis: nothing is lost',
    play: playServiceKilled,
  },
  {
    name: 'slow-service',
    title: 'the service answers too late, and then slowly: the canary goes on',
    play: playSlowService,
  },
  {
    name: 'source-down',
    title: 'the source of the service is down: the canary pauses, and the measurement says so',
    play: playSourceDown,
  },
  {
    name: 'retried',
    title: 'the same hash is tried again two minutes after it was rolled back: old data do not count',
    play: playRetry,
  },
  {
    name: 'controller-restarted',
    title: 'the controller is killed and started again in the midst of an analysis',
    play: playControllerRestart,
    isAlone: true,
  },
];
