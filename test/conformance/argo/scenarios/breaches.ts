/** Canaries with one thing wrong with them: each is rolled back, and the message names it. */
import assert from 'node:assert/strict';
import type { CharacterName } from '../traffic/characters.js';
import { untilRolledBack, type Ending, type Scenario } from './scenario.js';
import { gated, routedByNginx, withMetrics } from './shipped-sets.js';
import { Stage, type StageParts } from './stage.js';

interface Breach {
  readonly name: string;
  readonly title: string;
  readonly character: CharacterName;
  readonly guardrail: string;
  readonly files: readonly string[];
}

const breaches: readonly Breach[] = [
  {
    name: 'errors',
    title: 'a canary that fails 2 % of its requests is rolled back for its error rate',
    character: 'errors',
    guardrail: 'error-rate',
    files: withMetrics,
  },
  {
    name: 'slow',
    title: 'a canary with a p99 of 700 ms is rolled back for its request time, by the weights of a router',
    character: 'slow',
    guardrail: 'latency-p99',
    files: routedByNginx,
  },
  {
    name: 'drifted',
    title: 'a canary with other predictions is rolled back for its drift',
    character: 'drifted',
    guardrail: 'prediction-drift',
    files: gated,
  },
  {
    name: 'proxy-down',
    title: 'a canary whose predictions are worth less is rolled back for its business proxy',
    character: 'proxyDown',
    guardrail: 'business-proxy',
    files: withMetrics,
  },
];

async function playBreach({ name, character, guardrail, files }: Breach, parts: StageParts): Promise<Ending> {
  const stage = await Stage.open(parts, { name, character, files });
  try {
    await stage.release();
    return await untilRolledBack(stage, guardrail);
  } finally {
    stage.close();
  }
}

/** Healthy at 5 % and 25 %; what happens at 50 % is seen by the watch in the background, between two analyses. */
async function playLateOnset(parts: StageParts): Promise<Ending> {
  const stage = await Stage.open(parts, { name: 'late-onset', character: 'lateOnset', files: withMetrics });
  try {
    await stage.release();
    await stage.waitFor('at half of the traffic', ({ currentShare }) => currentShare >= 0.5);
    const ending = await untilRolledBack(stage, 'error-rate');
    assert.match(ending.run, /^background /);
    assert.match(ending.message, /Background analysis phase error\/failed/);
    return ending;
  } finally {
    stage.close();
  }
}

export const breachScenarios: readonly Scenario[] = [
  ...breaches.map((breach) => ({
    name: breach.name,
    title: breach.title,
    play: (parts: StageParts) => playBreach(breach, parts),
  })),
  {
    name: 'late-onset',
    title: 'errors that begin at half of the traffic are caught in the background',
    play: playLateOnset,
  },
];
