/** What people ask for with the command line: obeyed once each, and told. */
import assert from 'node:assert/strict';
import { isToZero, shareOf } from './kserve-patches.js';
import { kservePlatform, modelUri, revision } from './kserve-platform.js';
import type { PlayParts } from './play-parts.js';
import { assertRolledBack, endingOf, type Ending, type Scenario } from './scenario.js';
import { Stage, modelName } from './stage.js';
import { stages } from './stages.js';
import { type } from './typed-command.js';

/** A stage nobody would wait for. */
const longStages = { stages: stages(10, 50, 100), stabilisation: '2h' };

async function withStage(
  parts: PlayParts,
  name: string,
  play: (stage: Stage) => Promise<Ending>,
): Promise<Ending> {
  const stage = await Stage.open(parts, { name, character: 'healthy' }, kservePlatform);
  try {
    await stage.begin(longStages);
    await stage.waitFor('at its first share', ({ percent }) => percent === 10);
    return await play(stage);
  } finally {
    stage.close();
  }
}

async function playPromoted(parts: PlayParts): Promise<Ending> {
  return withStage(parts, 'by-hand', async (stage) => {
    await type(parts, stage, 'pause');
    const paused = await stage.waitForPhase('paused');
    assert.equal(paused.percent, 10);
    await type(parts, stage, 'resume');
    await stage.waitFor('going on', ({ phase }) => phase === 'stabilising');
    await type(parts, stage, 'promote');
    await stage.waitFor('at the next stage', ({ percent }) => percent === 50);
    await type(parts, stage, 'promote', '--full');
    const state = await stage.waitFor('promoted', ({ phase }) => phase === 'promoted');
    assert.equal(state.guarantee, 'none');
    assert.equal(state.canary, revision(2));
    const ending = await endingOf(parts, stage, state);
    assert.deepEqual(ending.patches.map(shareOf), [10, 50, 'removed']);
    return ending;
  });
}

async function playAborted(parts: PlayParts): Promise<Ending> {
  return withStage(parts, 'aborted', async (stage) => {
    await type(parts, stage, 'abort');
    const state = await stage.waitForPhase('rolled-back');
    const ending = await endingOf(parts, stage, state);
    assertRolledBack(ending, isToZero);
    assert.deepEqual(ending.patches.map(shareOf), [10, 0]);
    return ending;
  });
}

/** After a rollback the old model is put back, and the bad one never sees a request of it. */
async function playRestored(parts: PlayParts): Promise<Ending> {
  return withStage(parts, 'restored', async (stage) => {
    await type(parts, stage, 'abort');
    const state = await stage.waitForPhase('rolled-back');
    await stage.waitFor('without a share', () => stage.shares.endedAtMs !== undefined);
    const bad = new Set<number>();
    const end = parts.cluster.services.onChange(({ namespace, percents }) => {
      if (namespace === stage.namespace) bad.add(percents.get(revision(2)) ?? 0);
    });
    await type(parts, stage, 'restore', '--storage-uri', modelUri(1));
    end();
    assert.deepEqual([...bad], [0]);
    const service = parts.cluster.services.now(stage.namespace, modelName);
    assert.deepEqual([service?.rolledOut, service?.canaryPercent], [revision(3), undefined]);
    return endingOf(parts, stage, state);
  });
}

export const peopleScenarios: readonly Scenario[] = [
  {
    name: 'by-hand',
    title: 'a person pauses, resumes, goes on to the next stage, and promotes: without a guarantee',
    play: playPromoted,
  },
  {
    name: 'aborted',
    title: 'a person aborts: the canary goes to zero in one patch',
    play: playAborted,
  },
  {
    name: 'restored',
    title: 'after a rollback a person puts the old model back, and the bad one gets nothing meanwhile',
    play: playRestored,
  },
];
