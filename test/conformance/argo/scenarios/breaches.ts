/** Canaries with one thing wrong with them: each is rolled back, and the message names it. */
import assert from 'node:assert/strict';
import type { CharacterName } from '../traffic/characters.js';
import { untilRolledBack, type Ending, type Found, type Scenario } from './scenario.js';
import { gated, routedByNginx, thresholdsWithIstio, withMetrics } from './shipped-sets.js';
import { Stage, type StageParts } from './stage.js';

interface Breach extends Found {
  readonly name: string;
  readonly title: string;
  readonly character: CharacterName;
  readonly files: readonly string[];
}

/** Found beside the steps, and by the steps alone: with a watch both would find it, and one of them first. */
const breaches: readonly Breach[] = [
  {
    name: 'errors',
    title: 'a canary that fails 2 % of its requests is rolled back for its error rate, by the watch',
    character: 'errors',
    files: withMetrics,
    guardrail: 'error-rate',
    type: 'Background',
  },
  {
    name: 'slow',
    title: 'a canary with a p99 of 700 ms is rolled back for its request time, by a step, behind a router',
    character: 'slow',
    files: routedByNginx,
    guardrail: 'latency-p99',
    type: 'Step',
  },
  {
    name: 'drifted',
    title: 'a canary with other predictions is rolled back for its drift, by the combined verdict of a step',
    character: 'drifted',
    files: gated,
    guardrail: 'prediction-drift',
    type: 'Step',
    metric: 'ml-verdict',
  },
  {
    name: 'proxy-down',
    title: 'a canary whose predictions are worth less is rolled back for its business proxy, by the watch',
    character: 'proxyDown',
    files: withMetrics,
    guardrail: 'business-proxy',
    type: 'Background',
  },
];

async function playBreach(breach: Breach, parts: StageParts): Promise<Ending> {
  const { name, character, files, type } = breach;
  const unwatched = type === 'Step' ? ({ isUnwatched: true } as const) : {};
  const stage = await Stage.open(parts, { name, character, files, ...unwatched });
  try {
    await stage.release();
    return await untilRolledBack(stage, breach);
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
    return await untilRolledBack(stage, { guardrail: 'error-rate', type: 'Background' });
  } finally {
    stage.close();
  }
}

/**
 * Without evidence chance decides: of a few dozen requests one failure is more than 1 %, and a healthy canary's predictions look
 * drifted. So that the end is certain, the limits of the other guardrails are out of reach.
 */
const outOfReach = {
  'error-rate-promote-below': '40%',
  'error-rate-rollback-above': '50%',
  'prediction-drift-promote-below': '8',
  'prediction-drift-rollback-above': '9',
  'business-proxy-promote-above': '-80%',
  'business-proxy-rollback-below': '-90%',
};

async function playThresholds(parts: StageParts): Promise<Ending> {
  const stage = await Stage.open(parts, {
    name: 'thresholds',
    character: 'slow',
    files: thresholdsWithIstio,
    isUnwatched: true,
    stepTemplate: 'ml-model-threshold',
    figures: outOfReach,
  });
  try {
    await stage.release();
    const ending = await untilRolledBack(stage, { guardrail: 'latency-p99', type: 'Step' });
    assert.match(ending.measurement, /threshold mode/);
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
  {
    name: 'thresholds',
    title: 'the table to the letter, in threshold mode, on the weights that Istio is told',
    play: playThresholds,
  },
];
