/** What `check-config --online` finds of the scenes on real servers. */
import assert from 'node:assert/strict';
import { checkModel } from '../../../src/cli/online/check-model.js';
import type { CheckResult } from '../../../src/cli/online/finding.js';
import { defaultPolicy } from '../../../src/judge/index.js';
import { createPrometheusServer, type PrometheusServer } from '../../../src/sources/index.js';
import type { ModelQueries } from '../../../src/sources/prometheus/signals/signal.js';
import { minuteMs } from '../../support/simulation/minute-span.js';
import { sceneServer, scenesFor, sceneZeroMs, serverKinds } from './scene-servers.js';
import { canaryVersion, stableVersion, usualQueries, type Scene } from './scenes/scene.js';

for (const kind of serverKinds) {
  describe(`check-config --online on ${kind}`, function () {
    this.timeout(60_000);
    let client: PrometheusServer;

    before(async () => {
      client = createPrometheusServer({
        name: 'main',
        url: (await sceneServer(kind)).url,
        timeoutMs: 10_000,
        scrapeIntervalMs: 15_000,
        concurrency: 10,
        maxSeries: 20_000,
        maxResponseBytes: 64 * 1024 * 1024,
        headers: {},
        access: { kind: 'none' },
        tls: {},
      });
    });

    after(() => {
      client.close();
    });

    /** What is found at the end of a scene. */
    function check(scene: Scene, change: Partial<ModelQueries> = {}): Promise<readonly CheckResult[]> {
      const usual = usualQueries(scene);
      return checkModel({
        server: client,
        queries: { ...(scene.queries?.(usual) ?? usual), ...change },
        guardrails: defaultPolicy().guardrails,
        nowMs: sceneZeroMs + scene.minutes * minuteMs,
        signal: AbortSignal.timeout(30_000),
      });
    }

    function told(results: readonly CheckResult[], name: string): readonly string[] {
      return results.filter((one) => one.check === name).map(({ level, found }) => `${level}: ${found}`);
    }

    const sceneOf = (id: string): Scene =>
      scenesFor(kind).find((scene) => scene.id === id) ?? assert.fail(id);

    for (const scene of scenesFor(kind)) {
      it(`finds no error when ${scene.when} (${scene.id})`, async () => {
        const results = await check(scene);
        assert.deepEqual(
          results.filter(({ level }) => level === 'error'),
          [],
        );
        assert.ok(
          told(results, 'requests').some((text) => text.includes('http_requests_total')) ||
            scene.queries !== undefined,
        );
      });
    }

    it('tells the versions and their targets', async () => {
      const results = await check(sceneOf('steady'));
      assert.match(
        told(results, 'requests')[0] ?? '',
        new RegExp(
          `^ok: \\d+ series of http_requests_total, \\d targets: ${stableVersion} \\(.*\\), ${canaryVersion} \\(.*\\)$`,
        ),
      );
      assert.deepEqual(told(results, 'scrapes'), ['ok: targets are scraped every 15 s, as the config says']);
      assert.deepEqual(told(results, 'startTime'), [
        'ok: process_start_time_seconds tells when each process began, on job, instance',
      ]);
    });

    it('tells a pair of collectors, and the label that the config lacks', async () => {
      const pair = sceneOf('pair');
      assert.match(told(await check(pair), 'collectors')[0] ?? '', /^ok: .* have the same series, told by /);
      const unknown = told(await check(pair, { replicaLabels: [] }), 'collectors')[0] ?? '';
      assert.match(unknown, /^error: there are series that differ in nothing but /);
    });

    it('tells different bounds', async () => {
      const latency = told(await check(sceneOf('other-bounds')), 'latency');
      assert.ok(latency.some((text) => text.startsWith('warning: the histograms have different bounds')));
    });

    it('says why there is nothing', async () => {
      const steady = sceneOf('steady');
      const { signals } = usualQueries(steady);
      const where = [{ label: 'namespace', operator: '=', value: 'nowhere' } as const];
      const requests = { plus: { metrics: ['http_requests_total'], where } };
      const [result] = await check(steady, { signals: { ...signals, requests } });
      assert.match(
        result?.found ?? '',
        /^http_requests_total is there, but no series with namespace="nowhere": namespace is "/,
      );
      const unknown = { plus: { metrics: ['no_such_total'], where: [] } };
      const [missing] = await check(steady, { signals: { ...signals, requests: unknown } });
      assert.equal(missing?.found, 'no_such_total: the server has no such metric');
    });
  });
}
