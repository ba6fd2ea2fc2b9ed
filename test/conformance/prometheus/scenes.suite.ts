import assert from 'node:assert/strict';
import type { Observations } from '../../../src/domain/observations.js';
import type { ObservationSource } from '../../../src/sources/observation-source.js';
import type { MetricServer } from '../../support/prometheus/metric-server.js';
import { minuteMs } from '../../support/simulation/minute-span.js';
import { assertLooks } from './assert-looks.js';
import { expectedLooks } from './expected-looks.js';
import { playedScene, sceneServer, scenesFor, sceneZeroMs, serverKinds } from './scene-servers.js';
import { canaryVersion, settleMsOf, stableVersion, usualQueries, type Scene } from './scenes/scene.js';
import { openSource, type OpenSource } from './source-under-test.js';

for (const kind of serverKinds) {
  describe(`counts from ${kind} are exact`, function () {
    this.timeout(30_000);
    let server: MetricServer;

    before(async () => {
      server = await sceneServer(kind);
    });

    for (const scene of scenesFor(kind)) {
      describe(`when ${scene.when} (${scene.id})`, () => {
        let opened: OpenSource;

        beforeEach(() => {
          opened = open(server, scene);
        });

        afterEach(() => {
          opened.close();
        });

        it('asked once at the end', async () => {
          const answered = await observe(opened.source, scene, scene.minutes, false);
          assertLooks(scene, answered, expectedOf(scene));
        });

        it('asked again after every minute', async () => {
          const expected = expectedOf(scene);
          const [first] = expected.looks;
          let answered: Observations | undefined;
          for (let minute = 1; minute <= scene.minutes; minute++) {
            // Before anything of the canary is counted there may be no observations at all.
            if (first === undefined || sceneZeroMs + minute * minuteMs <= first.startMs) continue;
            answered = await observe(opened.source, scene, minute, true);
          }
          assertLooks(scene, answered ?? assert.fail('a scene has looks'), expected);
        });
      });
    }
  });
}

/** Scrapes may miss their time: a source that measures their distance waits for that as well. */
const lateScrapesMs = 2000;

function open(server: MetricServer, scene: Scene): OpenSource {
  const usual = usualQueries(scene);
  return openSource(server.url, scene.queries?.(usual) ?? usual, {
    settleMs: settleMsOf(scene),
    lookbackMs: (scene.lookbackMinutes ?? 24 * 60) * minuteMs,
  });
}

function expectedOf(scene: Scene) {
  return expectedLooks(scene, playedScene(scene).lives, sceneZeroMs);
}

/** What the source answers as soon as a minute of the scene counts. */
async function observe(
  source: ObservationSource,
  scene: Scene,
  minute: number,
  isNow: boolean,
): Promise<Observations> {
  const answer = await source.observe({
    namespace: scene.id,
    model: 'fraud',
    canary: canaryVersion,
    stable: stableVersion,
    asOfMs: sceneZeroMs + minute * minuteMs + settleMsOf(scene) + lateScrapesMs,
    isNow,
  });
  if (answer.kind !== 'observations') assert.fail(JSON.stringify(answer));
  return answer.observations;
}
