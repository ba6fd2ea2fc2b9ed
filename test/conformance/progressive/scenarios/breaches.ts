/** Canaries with one thing wrong with them: each goes back to zero, and its message names it. */
import assert from 'node:assert/strict';
import type { CharacterName } from '../../argo/traffic/characters.js';
import { isToZero, shareOf } from './kserve-patches.js';
import { kservePlatform } from './kserve-platform.js';
import type { PlayParts } from './play-parts.js';
import { assertRolledBack, endingOf, recoveryOf, type Ending, type Scenario } from './scenario.js';
import { Stage } from './stage.js';

interface Breach {
  readonly name: string;
  readonly title: string;
  readonly character: CharacterName;
  readonly guardrail: string;
  /** From which share on it is bad; absent: from the first. */
  readonly fromPercent?: number;
}

const breaches: readonly Breach[] = [
  {
    name: 'errors',
    title: 'a canary that fails 2 % of its requests goes back for its error rate',
    character: 'errors',
    guardrail: 'error-rate',
  },
  {
    name: 'slow',
    title: 'a canary with a p99 of 700 ms goes back for its request time',
    character: 'slow',
    guardrail: 'latency-p99',
  },
  {
    name: 'drifted',
    title: 'a canary with other predictions goes back for its drift',
    character: 'drifted',
    guardrail: 'prediction-drift',
  },
  {
    name: 'proxy-down',
    title: 'a canary whose predictions are worth less goes back for its business proxy',
    character: 'proxyDown',
    guardrail: 'business-proxy',
  },
  {
    name: 'late-onset',
    title: 'a canary that fails once it has half of the traffic goes back from there',
    character: 'lateOnset',
    guardrail: 'error-rate',
    fromPercent: 50,
  },
];

async function play(breach: Breach, parts: PlayParts): Promise<Ending> {
  const { name, character, guardrail, fromPercent = 1 } = breach;
  const stage = await Stage.open(parts, { name, character }, kservePlatform);
  try {
    await stage.begin();
    const state = await stage.waitForPhase('rolled-back');
    assert.match(state.message, new RegExp(`${guardrail}: `));
    assert.equal(state.percent, 0);
    const ending = await endingOf(parts, stage, state, await recoveryOf(stage, state, fromPercent));
    assertRolledBack(ending, isToZero);
    const shares = ending.patches.map(shareOf);
    assert.deepEqual(shares, [...[5, 10, 25, 50].slice(0, shares.length - 1), 0]);
    if (fromPercent > 1) assert.equal(shares.length, 5);
    return ending;
  } finally {
    stage.close();
  }
}

export const breachScenarios: readonly Scenario[] = breaches.map((breach) => ({
  name: breach.name,
  title: breach.title,
  play: (parts) => play(breach, parts),
}));
