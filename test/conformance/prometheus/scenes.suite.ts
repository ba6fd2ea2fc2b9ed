import assert from 'node:assert/strict';
import type { Observations } from '../../../src/domain/observations.js';
import type { MetricServer } from '../../support/prometheus/metric-server.js';
import { minuteMs } from '../../support/simulation/minute-span.js';
import { Draw } from '../../support/simulation/draw.js';
import { assertLooks } from './assert-looks.js';
import { expectedLooks } from './expected-looks.js';
import { observeScene, openScene } from './observe-scene.js';
import { playedScene, sceneServer, scenesFor, sceneZeroMs as zeroMs, serverKinds } from './scene-servers.js';
import type { OpenSource } from './source-under-test.js';

for (const kind of serverKinds) {
  describe(`counts from ${kind} are exact`, function () {
    this.timeout(30_000);
    let server: MetricServer;

    before(async () => {
      server = await sceneServer(kind);
    });

    for (const scene of scenesFor(kind)) {
      describe(`when ${scene.when} (${scene.id})`, () => {
        const expected = expectedLooks(scene, playedScene(scene).lives, zeroMs);
        let opened: OpenSource;

        beforeEach(() => {
          opened = openScene(server, scene);
        });

        afterEach(() => {
          opened.close();
        });

        it('asked once at the end', async () => {
          const when = { zeroMs, minutes: scene.minutes, isNow: false };
          const answered = await observeScene(opened.source, scene, when);
          assertLooks(scene, answered ?? assert.fail('scrapes go on after the end'), expected);
        });

        it('asked again after every minute', async () => {
          const counting = Array.from({ length: scene.minutes }, (_, minute) => minute + 1).filter(mayCount);
          assertLooks(scene, await askedAt(counting), expected);
        });

        it('asked now and then', async () => {
          const draw = new Draw(`asked/${scene.id}`);
          const some = draw.choose(Math.ceil(scene.minutes / 3), scene.minutes).filter(mayCount);
          const minutes = new Set([...some.sort((left, right) => left - right), scene.minutes]);
          assertLooks(scene, await askedAt(minutes), expected);
        });

        /** Before anything of the canary is counted there may be no observations at all. */
        function mayCount(minutes: number): boolean {
          return zeroMs + minutes * minuteMs > (expected.looks[0]?.startMs ?? Infinity);
        }

        async function askedAt(all: Iterable<number>): Promise<Observations> {
          let answered: Observations | undefined;
          for (const minutes of all) {
            answered =
              (await observeScene(opened.source, scene, { zeroMs, minutes, isNow: true })) ?? answered;
          }
          return answered ?? assert.fail('a scene has looks');
        }
      });
    }
  });
}
