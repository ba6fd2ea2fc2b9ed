import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Observations } from '../../../src/domain/observations.js';
import { importText } from '../../support/prometheus/backfill/import-text.js';
import { makeBlocks } from '../../support/prometheus/backfill/make-blocks.js';
import type { MetricServer } from '../../support/prometheus/metric-server.js';
import { countsByMinute, unseenOf } from '../../support/prometheus/oracle.js';
import { Tally } from '../../support/prometheus/tally.js';
import { minuteMs } from '../../support/simulation/minute-span.js';
import { startPrometheus, startVictoriaMetrics } from '../../support/prometheus/start-servers.js';
import { assertLooks } from './assert-looks.js';
import { expectedLooks, type ExpectedLook } from './expected-looks.js';
import { sampleDifferences } from './raw-truth.js';
import { playedScene, sceneServer, scenesFor, sceneZeroMs, serverKinds } from './scene-servers.js';
import { scenes } from './scenes/index.js';
import { clusterOf } from './scenes/scene.js';

describe('the simulated scenes', () => {
  it('have names of their own', () => {
    assert.equal(new Set(scenes.map(({ id }) => id)).size, scenes.length);
  });

  for (const scene of scenes) {
    it(`all that was sent is counted or was never seen: ${scene.id}`, () => {
      const { lives, sent } = playedScene(scene);
      const counts = countsByMinute(lives);
      for (const [version, all] of sent) {
        const counted = [...(counts.get(version)?.values() ?? [])];
        const unseen = lives.filter((life) => life.version === version).map(unseenOf);
        const sum = [...counted, ...unseen].reduce((total, tally) => total.plus(tally), new Tally());
        assert.deepEqual(plain(sum), plain(all));
        assert.ok(all.requests > 0);
      }
    });
  }
});

describe('the comparison of looks', () => {
  const scene = scenes.find(({ id }) => id === 'steady') ?? assert.fail();
  const expected = expectedLooks(scene, playedScene(scene).lives, sceneZeroMs);
  const look = ({ startMs, canary, stable }: ExpectedLook) => ({
    startMs,
    endMs: startMs + minuteMs,
    canary,
    stable,
  });
  const exact: Observations = {
    model: 'fraud',
    canary: { version: 'v2' },
    looks: expected.looks.map(look),
    before: expected.before.map(look),
  };

  it('takes what is exact', () => {
    assertLooks(scene, exact, expected);
  });

  it('tells of a single request that is missing or too much, in any look', () => {
    for (const [index, { canary }] of exact.looks.entries()) {
      assert.ok(canary !== undefined);
      for (const requests of [canary.requests - 1, canary.requests + 1]) {
        const looks = exact.looks.map((one, place) =>
          place === index ? { ...one, canary: { ...canary, requests } } : one,
        );
        assert.throws(
          () => {
            assertLooks(scene, { ...exact, looks }, expected);
          },
          new RegExp(`look ${index} canary requests: ${requests}, expected ${canary.requests}`),
        );
      }
    }
  });

  it('tells of looks that are missing or too much', () => {
    assert.throws(() => {
      assertLooks(scene, { ...exact, looks: exact.looks.slice(1) }, expected);
    }, /look 0 canary: nothing, expected/);
    assert.throws(() => {
      assertLooks(scene, { ...exact, looks: [...exact.before.slice(-1), ...exact.looks] }, expected);
    }, /look -1 was not expected/);
  });
});

for (const kind of serverKinds) {
  describe(`the scenes in ${kind}`, function () {
    this.timeout(60_000);
    let server: MetricServer;

    before(async () => {
      server = await sceneServer(kind);
    });

    for (const scene of scenesFor(kind)) {
      it(`are there sample by sample: ${scene.id}`, async () => {
        const { from, until } = clusterOf(scene);
        const raw = await server.rawSamples(
          `{namespace="${scene.id}"}`,
          sceneZeroMs + from * 1000,
          sceneZeroMs + (until + 60) * 1000,
        );
        assert.equal(sampleDifferences(raw, playedScene(scene).series).join('\n'), '');
      });
    }
  });
}

describe('other ways to fill a server', function () {
  this.timeout(60_000);
  const scene = scenesFor('prometheus').find(({ id }) => id === 'steady') ?? assert.fail();
  const { from, until } = clusterOf(scene);

  async function differences(server: MetricServer): Promise<string> {
    const raw = await server.rawSamples(
      `{namespace="${scene.id}"}`,
      sceneZeroMs + from * 1000,
      sceneZeroMs + (until + 60) * 1000,
    );
    return sampleDifferences(raw, playedScene(scene).series).join('\n');
  }

  it('blocks hold what was written', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'ml-verdict-data-'));
    await makeBlocks(playedScene(scene).series, dataFolder);
    const server = await startPrometheus({ dataFolder });
    try {
      assert.equal(await differences(server), '');
    } finally {
      await server.stop();
      await rm(dataFolder, { recursive: true, force: true });
    }
  });

  it('imported text is what was written', async () => {
    const server = await startVictoriaMetrics();
    try {
      await importText(server, playedScene(scene).series);
      assert.equal(await differences(server), '');
    } finally {
      await server.stop();
    }
  });
});

function plain(tally: Tally): object {
  const { codes, latenciesMs, scores, labels, outcomes } = tally;
  return [codes, latenciesMs, scores, labels, outcomes].map((counts) =>
    Object.fromEntries([...counts].map(([value, count]) => [String(value), count])),
  );
}
