import assert from 'node:assert/strict';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Observations } from '../../../src/domain/observations.js';
import { success } from '../../../src/domain/result.js';
import { minuteMs } from '../../../src/sources/index.js';
import type { ObservationQuery } from '../../../src/sources/observation-source.js';
import { PrometheusSource } from '../../../src/sources/prometheus/prometheus-source.js';
import type { ModelQueries } from '../../../src/sources/prometheus/signals/signal.js';
import { noonMs, seriesOf, truthOf, type Pod } from './support/simulated-pods.js';
import { SimulatedServer } from './support/simulated-server.js';

const queries: ModelQueries = {
  server: 'simulated',
  signals: {
    requests: { plus: { metrics: ['http_requests_total'], where: [] } },
    errors: {
      plus: {
        metrics: ['http_requests_total'],
        where: [{ label: 'code', operator: '=~', value: '5..' }],
      },
    },
    predictions: {},
    outcomes: {},
  },
  version: { label: 'version', pattern: '{{version}}' },
  startTime: { metric: 'process_start_time_seconds', on: ['job', 'instance'] },
  targetLabels: ['pod', 'job', 'instance'],
  replicaLabels: ['replica'],
  aggregated: false,
  scrapeIntervalMs: 15_000,
  missing: {},
};

function sourceOf(server: SimulatedServer, change: Partial<ModelQueries> = {}): PrometheusSource {
  return new PrometheusSource({
    rules: {
      settleMs: 10_000,
      lookbackMs: 24 * 60 * minuteMs,
      restartGapMs: 10 * minuteMs,
      denominator: () => 'outcomes',
      routing: () => 'random',
    },
    queriesOf: () => success({ ...queries, ...change }),
    server: () => server,
    rollbacks: () => Promise.resolve([]),
    changeMarker: () => Promise.resolve('0'),
    fetchTimeoutMs: 5000,
  });
}

function query(minute: number): ObservationQuery {
  return {
    namespace: 'default',
    model: 'fraud',
    canary: 'v2',
    stable: 'v1',
    asOfMs: noonMs + minute * minuteMs + 30_000,
    isNow: true,
  };
}

async function observe(source: PrometheusSource, minute: number): Promise<Observations> {
  const answer = await source.observe(query(minute));
  if (answer.kind !== 'observations') assert.fail(JSON.stringify(answer));
  return answer.observations;
}

/** The looks as minutes from noon with the counts of both versions. */
function countsOf({ looks }: Observations) {
  return looks.map(({ startMs, canary, stable }) => ({
    minute: (startMs - noonMs) / minuteMs,
    canary: canary === undefined ? undefined : { requests: canary.requests, errors: canary.errors },
    stable: stable === undefined ? undefined : { requests: stable.requests, errors: stable.errors },
  }));
}

function assertTrue(observations: Observations, pods: readonly Pod[]): void {
  const canary = truthOf(pods, 'v2');
  const stable = truthOf(pods, 'v1');
  for (const look of countsOf(observations)) {
    assert.deepEqual(
      look.canary ?? { requests: 0, errors: 0 },
      canary.get(look.minute) ?? { requests: 0, errors: 0 },
      `canary in minute ${look.minute}`,
    );
    assert.deepEqual(
      look.stable ?? { requests: 0, errors: 0 },
      stable.get(look.minute) ?? { requests: 0, errors: 0 },
      `stable in minute ${look.minute}`,
    );
  }
}

/** A pod that serves some requests every second, each so many-th of them badly. */
function pod(name: string, version: string, change: Partial<Pod> = {}): Pod {
  return {
    name,
    version,
    runs: [{ from: -7200, to: 7200 }],
    scrapeOffset: name.length % 15,
    scrapeEvery: 15,
    serve: (second) => ({ requests: 3, errors: second % 70 === 0 ? 1 : 0 }),
    ...change,
  };
}

const stable = [pod('stable-a', 'v1'), pod('stable-bb', 'v1')];

/** What may happen to pods of the canary. */
const scenes: Readonly<Record<string, readonly Pod[]>> = {
  'pods that go on': [pod('canary-a', 'v2', { runs: [{ from: 30, to: 7200 }] })],
  'the very first requests of a new pod fail': [
    pod('canary-a', 'v2', {
      runs: [{ from: 70, to: 7200 }],
      serve: (second) => ({ requests: 5, errors: second < 80 ? 5 : 0 }),
    }),
  ],
  'a process that restarts within a look': [
    pod('canary-a', 'v2', {
      runs: [
        { from: 30, to: 400 },
        { from: 402, to: 7200 },
      ],
    }),
  ],
  'a restart after which the counter is soon higher than before': [
    pod('canary-a', 'v2', {
      runs: [
        { from: 30, to: 78 },
        { from: 80, to: 7200 },
      ],
      serve: (second) => ({ requests: second < 80 ? 1 : 40, errors: 0 }),
    }),
  ],
  'a restart across the end of a look': [
    pod('canary-a', 'v2', {
      runs: [
        { from: 30, to: 595 },
        { from: 598, to: 7200 },
      ],
    }),
  ],
  'many restarts': [
    pod('canary-a', 'v2', {
      runs: Array.from({ length: 60 }, (_, run) => ({ from: 30 + run * 50, to: 75 + run * 50 })),
    }),
  ],
  'a pod that ends and one that takes its place': [
    pod('canary-a', 'v2', { runs: [{ from: 30, to: 500 }] }),
    pod('canary-bb', 'v2', { runs: [{ from: 480, to: 7200 }] }),
  ],
  'the first failure of a running process': [
    pod('canary-a', 'v2', {
      runs: [{ from: 30, to: 7200 }],
      serve: (second) => ({ requests: 2, errors: second === 905 || second === 906 ? 2 : 0 }),
    }),
  ],
  'scrapes that fail for three minutes': [
    pod('canary-a', 'v2', { runs: [{ from: 30, to: 7200 }], gaps: [{ from: 600, to: 780 }] }),
  ],
};

describe('observations from Prometheus', () => {
  for (const [name, canary] of Object.entries(scenes)) {
    const pods = [...stable, ...canary];

    it(`counts what the scrapes showed: ${name}`, async () => {
      const server = new SimulatedServer(seriesOf(pods));
      const observations = await observe(sourceOf(server), 45);
      assertTrue(observations, pods);
      assert.ok(observations.looks.length > 30);
      assert.ok(observations.before.length > 20);
    });

    it(`counts the same look by look: ${name}`, async () => {
      const server = new SimulatedServer(seriesOf(pods));
      const source = sourceOf(server);
      let last: Observations | undefined;
      for (let minute = 3; minute <= 45; minute++) last = await observe(source, minute);
      const afresh = await observe(sourceOf(server), 45);
      assert.deepEqual(last?.looks, afresh.looks);
      assert.deepEqual(last.before, afresh.before);
    });
  }

  it('counts what random pods showed, at once or in parts', async () => {
    for (let seed = 1; seed <= 25; seed++) {
      const pods = randomPods(seed);
      const server = new SimulatedServer(seriesOf(pods));
      const at = [12, 13, 26, 40];
      const source = sourceOf(server);
      for (const minute of at) assertTrue(await observe(source, minute), pods);
      assertTrue(await observe(sourceOf(server), 40), pods);
    }
  });
});

/** Pods that come and go, restart and fail at random, all of which tell when they began. */
function randomPods(seed: number): readonly Pod[] {
  const generator = xoroshiro128plus(seed);
  const upTo = (limit: number): number => {
    const value = generator.next() >>> 0;
    return value % limit;
  };
  const runsFrom = (from: number): Pod['runs'] => {
    const runs: { from: number; to: number }[] = [];
    for (let second = from; second < 2600 && runs.length < 6;) {
      const to = second + 20 + upTo(2000);
      runs.push({ from: second, to });
      second = to + 1 + upTo(40);
    }
    return runs;
  };
  const some = (version: string, count: number, from: number): readonly Pod[] =>
    Array.from({ length: count }, (_, index) => {
      const rate = 1 + upTo(6);
      const each = 5 + upTo(300);
      return pod(`${version}-${index}`, version, {
        runs: runsFrom(from + upTo(120)),
        scrapeOffset: upTo(15),
        serve: (second) => ({ requests: rate, errors: (second + index) % each === 0 ? 1 : 0 }),
      });
    });
  return [...some('v1', 3, -3000), ...some('v2', 3, 10)];
}
