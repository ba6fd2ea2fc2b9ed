import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelQueries } from '../../../src/config/index.js';
import { selectorText } from '../../../src/sources/prometheus/signals/selector.js';
import type { CountSignal, ModelQueries } from '../../../src/sources/prometheus/signals/signal.js';
import { WrittenConfig } from '../../config/support/written-config.js';
import { keepLogs } from '../../support/prometheus/keep-logs.js';
import type { MetricServer } from '../../support/prometheus/metric-server.js';
import { ScrapeTargets } from '../../support/prometheus/scrape-targets.js';
import { startPrometheus } from '../../support/prometheus/start-servers.js';
import { minuteMs } from '../../support/simulation/minute-span.js';
import { until } from '../../support/until.js';
import { valueOf } from '../../support/value-of.js';
import { ModelServer, type SentKind } from './model-servers/model-server.js';
import { modelServers, type ModelServerName } from './model-servers/python-environments.js';
import { sentKinds } from './model-servers/requests.js';
import { openSource } from './source-under-test.js';

const namespace = 'ml';
const version = '7d9f8c64b5';
const scrapeSeconds = 1;
const settleMs = 5000;

/** What the preset of a server has to find after good and bad requests. */
const counted: Readonly<
  Record<ModelServerName, { readonly requests: number; readonly errors: number; readonly timed: number }>
> = {
  // What another model answers and what is no JSON is not counted for the model; times are of all requests.
  mlserver: { requests: 336, errors: 36, timed: 360 },
  kserve: { requests: 336, errors: 36, timed: 336 },
};

/** Series that tell how a server counts, beside those of its preset. */
const otherCounts: Readonly<Record<ModelServerName, Readonly<Record<string, number>>>> = {
  mlserver: {
    'model_infer_request_success_total{model="bc"}': 300,
    'model_infer_request_failure_total{model="bc"}': 36,
    'model_infer_request_failure_total{model="nope"}': 12,
    'rest_server_requests_total{path=~".*/infer",status_code="200"}': 300,
    'rest_server_requests_total{path=~".*/infer",status_code="404"}': 12,
    'rest_server_requests_total{path=~".*/infer",status_code="422"}': 12,
    'rest_server_requests_total{path=~".*/infer",status_code="500"}': 36,
    'model_infer_request_duration_count{model="bc"}': 336,
    // With worker processes nothing tells when they began.
    process_start_time_seconds: 0,
    model_infer_request_success_created: 0,
  },
  kserve: {
    'request_preprocess_seconds_count{model_name="bc"}': 336,
    'request_predict_seconds_count{model_name="bc"}': 336,
    'request_postprocess_seconds_count{model_name="bc"}': 300,
    'request_predict_seconds_count{model_name="nope"}': 0,
  },
};

describe('real model servers, read by their presets', function () {
  this.timeout(10 * minuteMs);
  const servers = new Map<ModelServerName, ModelServer>();
  const configs = new WrittenConfig();
  let prometheus: MetricServer;
  let folder: string;
  /** Before it nothing was sent. */
  let beganMs: number;
  let sentMs: number;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ml-verdict-model-servers-'));
    const targets = new ScrapeTargets(join(folder, 'targets.json'));
    prometheus = await startPrometheus({
      scrape: { targetFiles: [targets.file], intervalSeconds: scrapeSeconds },
    });
    await Promise.all(
      modelServers.map(async (name) => {
        const server = await ModelServer.start(name);
        servers.set(name, server);
        // The labels that a PodMonitor takes over from pods.
        const labels = { server: name, namespace, pod: `bc-${version}-x2k4p`, revision: version };
        targets.set({ address: server.metricsAddress, labels });
      }),
    );
    beganMs = Date.now();
    await Promise.all([...servers].map(([name, server]) => warmUp(name, server)));
    await Promise.all([...servers].map(([name, server]) => sendAll(name, server)));
    sentMs = Date.now();
  });

  keepLogs(() => [prometheus.process, ...[...servers.values()].map(({ process }) => process)]);

  after(async () => {
    await Promise.all([...servers.values()].map((server) => server.stop()));
    await prometheus.stop();
    await rm(folder, { recursive: true, force: true });
    configs.remove();
  });

  /** The first request makes the series: what they show when they are first scraped may be old, for all one can know. */
  async function warmUp(name: ModelServerName, server: ModelServer): Promise<void> {
    const [first] = sentKinds[name];
    assert.ok(first !== undefined);
    await server.send({ ...first, times: 1 });
    await until(async () => (await sumOf(`{server="${name}",__name__=~".*_count"}`)) > 0);
  }

  async function sendAll(name: ModelServerName, server: ModelServer): Promise<void> {
    const others = new Map<string, readonly number[]>();
    for (const [place, kind] of sentKinds[name].entries()) {
      const times = place === 0 ? kind.times - 1 : kind.times;
      const statuses = await server.send({ ...kind, times } satisfies SentKind);
      if (statuses.length > 0) others.set(kind.title, statuses);
    }
    assert.deepEqual(others, new Map());
  }

  /** The sum of the newest values of some series. */
  async function sumOf(selector: string): Promise<number> {
    const series = await prometheus.rawSamples(selector, Date.now() - 5 * minuteMs, Date.now());
    return series.reduce((sum, { values }) => sum + (values.at(-1) ?? 0), 0);
  }

  async function sumOfSignal({ plus, minus }: CountSignal): Promise<number> {
    const less = minus === undefined ? 0 : await sumOf(selectorText(minus.metrics, minus.where));
    return (await sumOf(selectorText(plus.metrics, plus.where))) - less;
  }

  function queriesOf(name: ModelServerName): ModelQueries {
    const config = configs.load({
      prometheus: { servers: { main: { url: prometheus.url, scrapeInterval: `${scrapeSeconds}s` } } },
      models: { bc: { prometheus: { preset: name, where: { server: name } } } },
    });
    return valueOf(modelQueries(config, namespace, 'bc') ?? assert.fail('read from Prometheus'));
  }

  for (const name of modelServers) {
    it(`${name} counts as is known of it`, async () => {
      for (const [selector, expected] of Object.entries(otherCounts[name])) {
        const whole = selector.includes('{')
          ? selector.replace('{', `{server="${name}",`)
          : `${selector}{server="${name}"}`;
        // A scrape later all of it has to be there.
        await until(async () => (await sumOf(whole)) === expected || Date.now() > sentMs + 10_000);
        assert.equal(await sumOf(whole), expected, selector);
      }
    });

    it(`the preset ${name} finds what was sent`, async () => {
      const { signals } = queriesOf(name);
      const { requests, errors, latency } = signals;
      assert.ok(errors !== undefined && latency?.kind === 'buckets');
      const { metric, where } = latency;
      const infinite = { label: 'le', operator: '=', value: '+Inf' } as const;
      assert.deepEqual(
        {
          requests: await sumOfSignal(requests),
          errors: await sumOfSignal(errors),
          timed: await sumOf(selectorText([`${metric}_bucket`], [...where, infinite])),
        },
        counted[name],
      );
    });

    it(`the looks of ${name} are what was sent after its first scrape`, async () => {
      const queries = queriesOf(name);
      const opened = openSource(prometheus.url, queries, { settleMs, lookbackMs: 60 * minuteMs });
      const endMs = Math.ceil(sentMs / minuteMs) * minuteMs;
      await until(() => Date.now() > endMs + settleMs + 1000);
      try {
        const answer = await opened.source.observe({
          namespace,
          model: 'bc',
          canary: version,
          asOfMs: Date.now(),
          isNow: true,
        });
        if (answer.kind !== 'observations') assert.fail(JSON.stringify(answer));
        const arms = answer.observations.looks.flatMap(({ canary }) => canary ?? []);
        const sum = (count: (arm: (typeof arms)[number]) => number) =>
          arms.reduce((total, arm) => total + count(arm), 0);
        const { requests, errors, timed } = counted[name];
        // Only KServe tells when its counters began, so that the request of the warm-up counts.
        const uncounted = name === 'mlserver' ? 1 : 0;
        assert.deepEqual(
          {
            requests: sum((arm) => arm.requests),
            errors: sum((arm) => arm.errors),
            timed: sum((arm) => (arm.latency?.counts ?? []).reduce((total, count) => total + count, 0)),
          },
          { requests: requests - uncounted, errors, timed: timed - uncounted },
        );
        assert.ok(answer.observations.looks.every(({ endMs: lookEndMs }) => lookEndMs > beganMs));
      } finally {
        opened.close();
      }
    });
  }
});
