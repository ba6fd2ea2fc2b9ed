/** What others do to a rollout, and what the platform fails to do: nothing is judged that is not what it seems. */
import assert from 'node:assert/strict';
import type { CharacterName } from '../../argo/traffic/characters.js';
import type { KnativeBehaviour } from '../knative/knative-behaviour.js';
import { isToZero, shareOf } from './kserve-patches.js';
import { kservePlatform, modelUri, revision } from './kserve-platform.js';
import type { PlayParts } from './play-parts.js';
import { assertRolledBack, endingOf, type Ending, type Scenario } from './scenario.js';
import { Stage, modelName } from './stage.js';
import { stages } from './stages.js';
import { type } from './typed-command.js';

/** Stages that are over soon, where it is not what they find that counts. */
const shortStages = { stages: stages(10, 50, 100), stabilisation: '1m', minimumAnalysis: '2m' };

interface Play {
  readonly stage: Stage;
  readonly parts: PlayParts;
}

/** Opens a stage, plays, and closes it. */
async function onStage(
  parts: PlayParts,
  options: { readonly name: string; readonly character?: CharacterName },
  play: (play: Play) => Promise<Ending>,
): Promise<Ending> {
  const { name, character = 'healthy' } = options;
  const stage = await Stage.open(parts, { name, character }, kservePlatform);
  try {
    return await play({ stage, parts });
  } finally {
    stage.close();
  }
}

/** The canary cannot serve: it goes to zero without having been judged. */
function unable(name: string, title: string, behaviour: KnativeBehaviour, message: RegExp): Scenario {
  return {
    name,
    title,
    play: (parts) =>
      onStage(parts, { name }, async ({ stage }) => {
        parts.cluster.knative.behave(name, behaviour);
        await stage.begin({ readyLimit: '5m' });
        const state = await stage.waitForPhase('rolled-back');
        assert.match(state.message, message);
        assert.equal(state.lastVerdict ?? undefined, undefined);
        const ending = await endingOf(parts, stage, state);
        assertRolledBack(ending, isToZero);
        assert.deepEqual(ending.percents, []);
        return ending;
      }),
  };
}

/** Somebody does something while the canary has a share; the rollout waits for a person and says why. */
function disturbed(
  name: string,
  title: string,
  disturb: (parts: PlayParts, stage: Stage) => Promise<void>,
  { atPercent, message }: { readonly atPercent: 10 | 50; readonly message: RegExp },
): Scenario {
  return {
    name,
    title,
    hasForeignShares: true,
    play: (parts) =>
      onStage(parts, { name }, async ({ stage }) => {
        await stage.begin(shortStages);
        await stage.waitFor(`at ${atPercent} %`, ({ percent }) => percent === atPercent);
        await disturb(parts, stage);
        const state = await stage.waitForPhase('paused');
        assert.match(state.message, message);
        const ending = await endingOf(parts, stage, state);
        assert.deepEqual(ending.patches.map(shareOf), atPercent === 10 ? [10] : [10, 50]);
        assert.ok(ending.firing.some(({ labels }) => labels['alertname'] === 'MLVerdictRolloutPaused'));
        return ending;
      }),
  };
}

async function playRace(parts: PlayParts): Promise<Ending> {
  return onStage(parts, { name: 'baseline-changed' }, async ({ stage }) => {
    const { services, knative } = parts.cluster;
    // A second model is the stable one, so that there is one before it to fall back to.
    knative.behave(stage.namespace, {});
    await services.newModel(stage.namespace, modelName, modelUri(0), 10);
    const isUp = { withinMs: 60_000, what: 'promoted' };
    await services.waitFor(stage.namespace, modelName, ({ ready }) => ready === revision(2), isUp);
    await services.patch(stage.namespace, modelName, [
      { op: 'remove', path: '/spec/predictor/canaryTrafficPercent' },
    ]);
    await services.waitFor(stage.namespace, modelName, ({ rolledOut }) => rolledOut === revision(2), isUp);
    knative.behave(stage.namespace, { routeFirstMs: 300 });
    await stage.begin(shortStages);
    const state = await stage.waitForPhase('paused');
    assert.match(state.message, /stable/i);
    const ending = await endingOf(parts, stage, state);
    assert.deepEqual(ending.patches.map(shareOf), [10]);
    return ending;
  });
}

async function playEdited(parts: PlayParts): Promise<Ending> {
  return onStage(parts, { name: 'edited' }, async ({ stage }) => {
    await stage.begin(shortStages);
    await stage.waitFor('at its first share', ({ percent }) => percent === 10);
    await parts.cluster.services.patch(stage.namespace, modelName, [
      { op: 'add', path: '/spec/predictor/model/resources', value: { requests: { memory: '3Gi' } } },
    ]);
    const paused = await stage.waitForPhase('paused');
    assert.match(paused.message, /model/);
    await type(parts, stage, 'abort');
    const state = await stage.waitForPhase('rolled-back');
    const ending = await endingOf(parts, stage, state);
    assertRolledBack(ending, isToZero);
    assert.deepEqual(ending.patches.map(shareOf), [10, 0]);
    return ending;
  });
}

async function playDeleted(parts: PlayParts): Promise<Ending> {
  return onStage(parts, { name: 'deleted' }, async ({ stage }) => {
    await stage.begin(shortStages);
    await stage.waitFor('at its first share', ({ percent }) => percent === 10);
    await parts.cluster.services.delete(stage.namespace, modelName);
    // While KServe clears up it is still there, and cannot be driven.
    const state = await stage.waitFor('failed', ({ phase }) => phase === 'failed');
    assert.match(state.message, /gone|deleted|not there/i);
    return endingOf(parts, stage, state);
  });
}

async function playUndecided(parts: PlayParts): Promise<Ending> {
  return onStage(parts, { name: 'undecided', character: 'grey' }, async ({ stage }) => {
    await stage.begin({ ...shortStages, undecidedLimit: '10m' });
    const state = await stage.waitForPhase('paused');
    assert.match(state.message, /error-rate/);
    const ending = await endingOf(parts, stage, state);
    assert.deepEqual(ending.patches.map(shareOf), [10]);
    return ending;
  });
}

export const hindranceScenarios: readonly Scenario[] = [
  unable(
    'never-ready',
    'a canary that does not become ready in time goes back, and nothing was judged',
    { readyAfterMs: 'never' },
    /ready/,
  ),
  unable(
    'load-failed',
    'a canary whose model does not load goes back when its time is over: a restart might have helped until then',
    { loadFailure: 'no such bucket' },
    /did not begin in time/,
  ),
  disturbed(
    'set-back',
    'somebody (GitOps, say) sets the share to what it was: the rollout waits for a person',
    ({ cluster }, { namespace }) =>
      cluster.services.patch(namespace, modelName, [
        { op: 'replace', path: '/spec/predictor/canaryTrafficPercent', value: 10 },
      ]),
    { atPercent: 50, message: /10 %/ },
  ),
  disturbed(
    'newer-model',
    'somebody applies a newer model: it is not judged by what the one before did',
    ({ cluster }, { namespace }) =>
      cluster.services.patch(namespace, modelName, [
        { op: 'replace', path: '/spec/predictor/model/storageUri', value: modelUri(3) },
      ]),
    { atPercent: 10, message: /model/ },
  ),
  {
    name: 'baseline-changed',
    title:
      "Knative's controllers race, and KServe takes the model before for the stable one: no step is taken on it",
    hasForeignShares: true,
    play: playRace,
  },
  {
    name: 'edited',
    title: 'somebody gives the canary more memory: it waits for a person, and a rollback still reaches it',
    hasForeignShares: true,
    play: playEdited,
  },
  {
    name: 'deleted',
    title: 'the InferenceService is deleted: the rollout has failed, and touches nothing',
    hasForeignShares: true,
    play: playDeleted,
  },
  {
    name: 'undecided',
    title: 'an error rate between both limits waits for its time, and then for a person',
    play: playUndecided,
  },
];
