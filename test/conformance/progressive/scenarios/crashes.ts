/** What happens to those who drive: no step is lost, and none is made twice. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Draw } from '../../../support/simulation/draw.js';
import type { ControllerProcess } from '../driving/controller-process.js';
import { shareOf } from './kserve-patches.js';
import { kservePlatform } from './kserve-platform.js';
import type { PlayParts } from './play-parts.js';
import { endingOf, type Ending, type Scenario } from './scenario.js';
import { Stage } from './stage.js';
import { stages } from './stages.js';

/** Stages that are over soon: there is much to be lost, and much to be done twice. */
const manyPercents = [5, 10, 20, 30, 40, 50, 100];
const soon = { stabilisation: '1m', minimumAnalysis: '1m' };

interface Driven {
  readonly name: string;
  readonly percents?: readonly number[];
  readonly start: (stage: Stage) => Promise<readonly ControllerProcess[]>;
  readonly disturb: (controllers: readonly ControllerProcess[], isOver: () => boolean) => Promise<void>;
}

/** A healthy canary is promoted by controllers of its own, whatever is done to them. */
async function playDriven(
  parts: PlayParts,
  { name, percents = manyPercents, start, disturb }: Driven,
): Promise<Ending> {
  const stage = await Stage.open(parts, { name, character: 'healthy' }, kservePlatform);
  try {
    const controllers = await start(stage);
    await stage.begin({ ...soon, stages: stages(...percents) });
    let isOver = false;
    const promoted = stage.waitForPhase('promoted').finally(() => {
      isOver = true;
    });
    await Promise.all([promoted, disturb(controllers, () => isOver)]);
    const ending = await endingOf(parts, stage, await promoted);
    assert.deepEqual(ending.patches.map(shareOf), [...percents.slice(0, -1), 'removed']);
    assert.equal(new Set(ending.alerts.map(({ id }) => id)).size, ending.alerts.length);
    await Promise.all(controllers.map((controller) => controller.stop('SIGTERM')));
    return ending;
  } finally {
    stage.close();
  }
}

/** The leader is killed at some moment or other, and started again as a candidate. */
async function playKilled(parts: PlayParts): Promise<Ending> {
  let kills = 0;
  const ending = await playDriven(parts, {
    name: 'leader-killed',
    start: ({ namespace }) =>
      Promise.all(
        [1, 2].map((number) =>
          parts.controllers.start({
            name: `${namespace}-${number}`,
            namespaces: [namespace],
            leaseNamespace: namespace,
          }),
        ),
      ),
    disturb: async (controllers, isOver) => {
      const draw = new Draw('leader-killed');
      while (!isOver()) {
        await pause(500 + draw.uniform() * 4000);
        for (const controller of controllers) {
          if (isOver() || !(await isLeading(controller))) continue;
          await controller.stop('SIGKILL');
          kills++;
          await controller.start();
          break;
        }
      }
    },
  });
  assert.ok(kills >= 3, `the leader was killed ${kills} times only`);
  return ending;
}

/** Two that both believe to lead: each has a lease of its own. */
async function playRacing(parts: PlayParts): Promise<Ending> {
  await parts.cluster.createNamespace('two-leaders-lease');
  return playDriven(parts, {
    name: 'two-leaders',
    start: ({ namespace }) =>
      Promise.all(
        [namespace, `${namespace}-lease`].map((leaseNamespace) =>
          parts.controllers.start({
            name: `leader-by-${leaseNamespace}`,
            namespaces: [namespace],
            leaseNamespace,
          }),
        ),
      ),
    disturb: async (controllers) => {
      for (const controller of controllers) assert.ok(await isLeading(controller));
    },
  });
}

/** All that know the API server have to do without it for a minute, in the midst of a rollout. */
async function playApiAway(parts: PlayParts): Promise<Ending> {
  const { cluster, clock } = parts;
  return playDriven(parts, {
    name: 'api-away',
    percents: [10, 50, 100],
    start: async ({ namespace }) => [
      await parts.controllers.start({ name: namespace, namespaces: [namespace], leaseNamespace: namespace }),
    ],
    disturb: async () => {
      await parts.rollouts.waitFor('api-away', 'fraud-detector', ({ percent }) => percent === 10, {
        withinMs: 120_000,
        what: 'at 10 %',
      });
      await cluster.apiServer.stop();
      await pause(clock.realMs(60_000));
      await cluster.apiServer.start();
    },
  });
}

export const crashScenarios: readonly Scenario[] = [
  {
    name: 'leader-killed',
    title:
      'the leader is killed again and again: another one goes on, no step is lost and none is made twice',
    play: playKilled,
    hasOwnControllers: true,
  },
  {
    name: 'two-leaders',
    title: 'two controllers that both believe to lead: every step is made once',
    play: playRacing,
    hasOwnControllers: true,
  },
  {
    name: 'api-away',
    title: 'the API server is away for a minute: the rollout goes on from where it was',
    play: playApiAway,
    hasOwnControllers: true,
    isAlone: true,
  },
];

async function isLeading(controller: ControllerProcess): Promise<boolean> {
  return (await controller.metric('ml_verdict_controller_leader').catch(() => 0)) === 1;
}
