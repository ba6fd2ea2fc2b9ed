import assert from 'node:assert/strict';
import type { Observations } from '../../../src/domain/observations.js';
import type { MetricServer } from '../../support/prometheus/metric-server.js';
import { minuteMs } from '../../support/simulation/minute-span.js';
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
          assertLooks(scene, await observeScene(opened.source, scene, when), expected);
        });

        it('asked again after every minute', async () => {
          const [first] = expected.looks;
          let answered: Observations | undefined;
          for (let minutes = 1; minutes <= scene.minutes; minutes++) {
            // Before anything of the canary is counted there may be no observations at all.
            if (first === undefined || zeroMs + minutes * minuteMs <= first.startMs) continue;
            answered = await observeScene(opened.source, scene, { zeroMs, minutes, isNow: true });
          }
          assertLooks(scene, answered ?? assert.fail('a scene has looks'), expected);
        });
      });
    }
  });
}
