import assert from 'node:assert/strict';
import { shareOf } from './kserve-patches.js';
import { kservePlatform, revision } from './kserve-platform.js';
import type { PlayParts } from './play-parts.js';
import { endingOf, type Ending, type Scenario } from './scenario.js';
import { Stage } from './stage.js';

async function play(parts: PlayParts): Promise<Ending> {
  const stage = await Stage.open(parts, { name: 'healthy', character: 'healthy' }, kservePlatform);
  try {
    await stage.begin();
    const state = await stage.waitForPhase('promoted');
    assert.equal(state.guarantee, 'stated');
    assert.equal(state.canary, revision(2));
    const ending = await endingOf(parts, stage, state);
    assert.deepEqual(ending.patches.map(shareOf), [5, 10, 25, 50, 'removed']);
    assert.deepEqual(ending.percents, [5, 10, 25, 50, 100]);
    assert.deepEqual(
      ending.alerts.map(({ kind }) => kind),
      ['started', 'stage-reached', 'stage-reached', 'stage-reached', 'promoting', 'promoted'],
    );
    return ending;
  } finally {
    stage.close();
  }
}

export const healthyScenarios: readonly Scenario[] = [
  { name: 'healthy', title: 'a healthy canary goes 5, 10, 25, 50, 100 and is promoted', play },
];
