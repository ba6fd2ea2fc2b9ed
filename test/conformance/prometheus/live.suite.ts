import assert from 'node:assert/strict';
import { keepLogs } from '../../support/prometheus/keep-logs.js';
import { LiveRun } from '../../support/prometheus/live/live-run.js';
import { seenLives } from '../../support/prometheus/live/seen-lives.js';
import type { MetricServer } from '../../support/prometheus/metric-server.js';
import { unseenOf } from '../../support/prometheus/oracle.js';
import { until } from '../../support/until.js';
import { assertLooks } from './assert-looks.js';
import { expectedLooks } from './expected-looks.js';
import { lateScrapesMs, observeScene, openScene } from './observe-scene.js';
import { sampleDifferences } from './raw-truth.js';
import { serverKinds } from './scene-servers.js';
import { liveScenes, liveScrapeSeconds } from './scenes/live.js';
import { clusterOf, settleMsOf } from './scenes/scene.js';

/** A whole look takes a real minute: it is played while the other suites run. */
let run: LiveRun;

before(async function () {
  this.timeout(30_000);
  run = await LiveRun.start({
    plans: liveScenes.map((scene) => ({ ...clusterOf(scene), until: playedSeconds })),
    scrapeSeconds: liveScrapeSeconds,
    servers: serverKinds,
  });
});

after(async () => {
  await run.stop();
});

/** Until the last look of all scenes counts. */
const playedSeconds = liveScenes.reduce(
  (seconds, scene) => Math.max(seconds, scene.minutes * 60 + (settleMsOf(scene) + lateScrapesMs) / 1000),
  0,
);

/** Between two scrapes of a pod by one server there is no more time than this, also when one of them is lost. */
const longestUnseenMs = 2 * liveScrapeSeconds * 1000 + 1000;

for (const kind of serverKinds) {
  describe(`counts from ${kind} of real pods are exact`, function () {
    this.timeout(6 * 60_000);
    let server: MetricServer;

    before(async () => {
      await run.played();
      server = run.servers.get(kind) ?? assert.fail();
      await until(() => Date.now() >= run.zeroMs + playedSeconds * 1000);
    });

    keepLogs(() => [server.process]);

    for (const scene of liveScenes) {
      const seen = () =>
        seenLives(server, scene.id, run.pods(scene.id), {
          fromMs: run.zeroMs - 60_000,
          toMs: run.zeroMs + playedSeconds * 1000,
        });

      it(`the server has what the pods have shown: ${scene.id}`, async () => {
        const { expected, found } = await seen();
        assert.equal(sampleDifferences(found, expected).join('\n'), '');
        assert.ok(expected.length > 0);
      });

      it(`no more is lost than what came after a pod's last scrape: ${scene.id}`, async () => {
        const { lives } = await seen();
        for (const pod of run.pods(scene.id)) {
          for (const { endedMs, pod: exporter } of pod.lives) {
            if (endedMs === undefined) continue;
            const life =
              lives.find(({ served }) => served === exporter.served) ?? assert.fail('never scraped');
            const lastMs = life.scrapes.at(-1)?.timeMs ?? 0;
            assert.ok(endedMs - lastMs <= longestUnseenMs, `unseen for ${endedMs - lastMs} ms`);
            assert.ok(unseenOf(life).requests < exporter.served.requests);
          }
        }
      });

      it(`when ${scene.when} (${scene.id})`, async () => {
        const { lives } = await seen();
        const opened = openScene(server, scene);
        try {
          const when = { zeroMs: run.zeroMs, minutes: scene.minutes, isNow: true };
          const answered = await observeScene(opened.source, scene, when);
          assertLooks(
            scene,
            answered ?? assert.fail('scrapes go on'),
            expectedLooks(scene, lives, run.zeroMs),
          );
        } finally {
          opened.close();
        }
      });
    }
  });
}
