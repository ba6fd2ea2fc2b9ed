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

function sourceOf(
  server: SimulatedServer,
  change: Partial<ModelQueries> = {},
  now: () => number = Date.now,
  rollbacks: readonly number[] = [],
): PrometheusSource {
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
    rollbacks: () => Promise.resolve(rollbacks),
    changeMarker: () => Promise.resolve('0'),
    fetchTimeoutMs: 5000,
    now,
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
      for (let minute = 3; minute <= 30; minute++) last = await observe(source, minute);
      const afresh = await observe(sourceOf(server), 30);
      assert.deepEqual(last?.looks, afresh.looks);
      assert.deepEqual(last.before, afresh.before);
    });
  }

  it('counts what random pods showed, at once or in parts', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const pods = randomPods(seed);
      const server = new SimulatedServer(seriesOf(pods));
      const at = [12, 13, 26, 40];
      const source = sourceOf(server);
      for (const minute of at) assertTrue(await observe(source, minute), pods);
      assertTrue(await observe(sourceOf(server), 40), pods);
    }
  });

  describe('series that say nothing of their beginning', () => {
    const canary = pod('canary-a', 'v2', { runs: [{ from: 30, to: 7200 }] });

    it('does not count what a series showed at first whose process began long ago', async () => {
      // It is scraped only from the tenth minute on.
      const late = pod('canary-old', 'v2', { gaps: [{ from: -7200, to: 610 }] });
      const server = new SimulatedServer(seriesOf([...stable, canary, late]));
      const answer = await sourceOf(server).observe(query(30));
      assert.ok(answer.kind === 'observations');
      const counts = countsOf(answer.observations);
      for (const look of counts) assert.ok((look.canary?.requests ?? 0) <= 2 * 3 * 75, JSON.stringify(look));
      assert.match(JSON.stringify(answer.details['notes']), /first-value-not-counted/);
    });

    it('does not count again what was counted under other labels', async () => {
      // In the tenth minute the pod gets a label more.
      const series = seriesOf([...stable, canary]).flatMap(({ labels, samples }) => {
        if (labels['pod'] !== 'canary-a') return [{ labels, samples }];
        const change = noonMs + 600_000;
        return [
          { labels, samples: samples.filter(([timeMs]) => timeMs <= change) },
          { labels: { ...labels, role: 'canary' }, samples: samples.filter(([timeMs]) => timeMs > change) },
        ];
      });
      const observations = await observe(
        sourceOf(new SimulatedServer(series), { targetLabels: ['pod', 'job', 'instance', 'role'] }),
        30,
      );
      for (const { canary: counted } of countsOf(observations)) {
        assert.ok((counted?.requests ?? 0) <= 3 * 75);
      }
    });

    it('counts a restart by its lower values where nothing tells when processes began', async () => {
      const restarted = pod('canary-a', 'v2', {
        runs: [
          { from: 30, to: 400 },
          { from: 402, to: 7200 },
        ],
        tellsStart: false,
      });
      const pods = [...stable.map((one) => ({ ...one, tellsStart: false })), restarted];
      const observations = await observe(sourceOf(new SimulatedServer(seriesOf(pods))), 30);
      const { looks } = observations;
      // What the canary had served before its first scrape is not known to be new.
      assertTrue({ ...observations, looks: looks.slice(1) }, pods);
      assert.equal(looks[0]?.canary?.requests, 15 * 3);
    });

    it('takes a small step down of a running process for what it is', async () => {
      const series = seriesOf([...stable, canary]).map(({ labels, samples }) =>
        labels['pod'] === 'canary-a' && labels['code'] === '200'
          ? {
              labels,
              samples: samples.map(
                ([timeMs, value], index) => [timeMs, index % 40 === 39 ? value - 60 : value] as const,
              ),
            }
          : { labels, samples },
      );
      const answer = await sourceOf(new SimulatedServer(series)).observe(query(30));
      assert.ok(answer.kind === 'observations');
      const counted = answer.observations.looks.reduce(
        (sum, { canary: arm }) => sum + (arm?.requests ?? 0),
        0,
      );
      const truth = [...truthOf([canary], 'v2')].filter(([minute]) => minute < 30);
      const served = truth.reduce((sum, [, { requests }]) => sum + requests, 0);
      assert.ok(Math.abs(counted - served) <= 2 * 60, `${counted} of ${served}`);
      assert.match(JSON.stringify(answer.details['notes']), /went-down-without-restart/);
    });
  });

  it('counts series of two collectors once, also where one of them has gaps', async () => {
    const canary = pod('canary-a', 'v2', { runs: [{ from: 30, to: 7200 }] });
    const pods = [...stable, canary];
    const second = pods.map((one) => ({ ...one, scrapeOffset: one.scrapeOffset + 7 }));
    const withReplica = (replica: string, some: readonly Pod[]) =>
      seriesOf(some).map(({ labels, samples }) => ({ labels: { ...labels, replica }, samples }));
    const gappy = pods.map((one) => ({ ...one, gaps: [{ from: 500, to: 900 }] }));
    const server = new SimulatedServer([...withReplica('a', gappy), ...withReplica('b', second)]);
    assertTrue(await observe(sourceOf(server), 30), second);
  });

  it('leaves out what a sum over pods loses when one of them ends, and says so', async () => {
    const sums = (canary: readonly number[]) =>
      [
        { version: 'v1', values: canary.map((_, index) => index * 100) },
        { version: 'v2', values: canary },
      ].map(({ version, values }) => ({
        labels: { __name__: 'http_requests_total', version, code: '200' },
        samples: values.map((value, index) => [noonMs + (index - 40) * minuteMs + 5000, value] as const),
      }));
    // Two pods of the canary, of which one ends with 300 requests counted.
    const canary = Array.from({ length: 60 }, (_, index) => (index < 50 ? index * 20 : index * 20 - 300));
    const answer = await sourceOf(new SimulatedServer(sums(canary)), { aggregated: true }).observe(query(19));
    assert.ok(answer.kind === 'observations');
    const counts = new Map(
      countsOf(answer.observations).map(({ minute, canary: arm }) => [minute, arm?.requests]),
    );
    assert.deepEqual(
      [8, 9, 10, 11, 12].map((minute) => counts.get(minute)),
      [20, 20, 0, 20, 20],
    );
    assert.match(JSON.stringify(answer.details['notes']), /sum-went-down/);
    assert.match(String(answer.details['aggregated']), /is lost/);
  });

  describe('what is asked', () => {
    const pods = [...stable, pod('canary-a', 'v2', { runs: [{ from: 30, to: 7200 }] })];

    it('fetches only what is new for a later verdict', async () => {
      const server = new SimulatedServer(seriesOf(pods));
      const source = sourceOf(server);
      await observe(source, 20);
      server.asked.length = 0;
      await observe(source, 21);
      assert.ok(server.asked.length <= 5, `${server.asked.length} queries`);
      for (const asked of server.asked) {
        const from = asked.kind === 'range' ? asked.startMs : asked.atMs;
        assert.ok(from >= noonMs + 19 * minuteMs, `asked from ${new Date(from).toISOString()}`);
      }
      server.asked.length = 0;
      await observe(source, 21);
      assert.deepEqual(server.asked, []);
    });

    it('fetches once for many who ask at the same time', async () => {
      const server = new SimulatedServer(seriesOf(pods));
      const source = sourceOf(server);
      await observe(sourceOf(server), 20);
      const once = server.asked.length;
      server.asked.length = 0;
      const answers = await Promise.all(Array.from({ length: 100 }, () => observe(source, 20)));
      assert.equal(server.asked.length, once);
      for (const answer of answers) assert.deepEqual(answer.looks, answers[0]?.looks);
    });

    it('finds a canary that is older than what is fetched at first', async () => {
      const old = pod('canary-a', 'v2', { runs: [{ from: -5 * 3600, to: 7200 }] });
      const all = [...stable.map((one) => ({ ...one, runs: [{ from: -7 * 3600, to: 7200 }] })), old];
      const observations = await observe(sourceOf(new SimulatedServer(seriesOf(all))), 10);
      assert.equal(observations.looks[0]?.startMs, noonMs - 5 * 3600 * 1000);
      assert.equal(observations.before.length, 30);
      assertTrue(observations, all);
    });

    it('answers a question about the past from what is kept', async () => {
      const server = new SimulatedServer(seriesOf(pods));
      const source = sourceOf(server);
      await observe(source, 20);
      server.asked.length = 0;
      const answer = await source.observe({ ...query(12), isNow: false });
      assert.ok(answer.kind === 'observations');
      assert.deepEqual(answer.observations.looks, (await observe(sourceOf(server), 12)).looks);
    });
  });

  describe('the life of a canary', () => {
    const running = { runs: [{ from: 30, to: 7200 }] };
    const told = [noonMs + 6 * minuteMs];
    const livesOf = async (pods: readonly Pod[], minute: number) => {
      const source = sourceOf(new SimulatedServer(seriesOf(pods)), {}, Date.now, told);
      const { looks, restarts } = await observe(source, minute);
      return { first: looks[0] === undefined ? undefined : (looks[0].startMs - noonMs) / minuteMs, restarts };
    };

    it('goes on over minutes that nobody scraped, after a rollback too', async () => {
      const gaps = [{ from: 605, to: 740 }];
      const blind = [...stable, pod('canary-a', 'v2', running)].map((one) => ({ ...one, gaps }));
      const slow = [...stable, pod('canary-a', 'v2', { ...running, gaps })];
      for (const pods of [blind, slow]) {
        assert.deepEqual(await livesOf(pods, 20), { first: 0, restarts: 0 });
      }
      // It is there again, though the minute before was not seen.
      assert.deepEqual(await livesOf(blind, 12), { first: 0, restarts: 0 });
    });

    it('ends after a rollback with a minute that was seen without its traffic', async () => {
      const again = {
        runs: [
          { from: 30, to: 700 },
          { from: 900, to: 7200 },
        ],
      };
      const lives = await livesOf([...stable, pod('canary-a', 'v2', again)], 20);
      assert.deepEqual(lives, { first: 15, restarts: 1 });
      const idle = pod('canary-a', 'v2', {
        ...running,
        serve: (second) => ({ requests: second >= 600 && second < 800 ? 0 : 3, errors: 0 }),
      });
      assert.deepEqual(await livesOf([...stable, idle], 20), { first: 13, restarts: 1 });
    });
  });

  describe('what reaches the server late', () => {
    const pods = [...stable, pod('canary-a', 'v2', { runs: [{ from: 30, to: 7200 }] })];
    const all = seriesOf(pods);
    const seenAt = (nowMs: number) =>
      all.map(({ labels, samples }) => ({
        labels,
        samples: samples.filter(([timeMs]) => timeMs <= nowMs - 100_000),
      }));

    it('is not counted as nothing before it is there', async () => {
      const server = new SimulatedServer([]);
      const source = sourceOf(server);
      for (let minute = 4; minute <= 20; minute++) {
        server.series = seenAt(query(minute).asOfMs);
        const observations = await observe(source, minute);
        assertTrue(observations, pods);
        assert.equal(observations.looks.length, minute - 2);
        assert.equal(observations.asOfMs, noonMs + minute * minuteMs);
      }
    });

    it('holds while neither version is seen', async () => {
      const server = new SimulatedServer(all);
      const source = sourceOf(server);
      await observe(source, 10);
      server.series = all.map(({ labels, samples }) => ({
        labels,
        samples: samples.filter(([timeMs]) => timeMs < noonMs + 10 * minuteMs),
      }));
      const blind = await source.observe(query(14));
      assert.ok(blind.kind === 'partial');
      assert.match(blind.reason, /no requests of either version were scraped since 2026-01-05T12:09/);
      server.series = all;
      assertTrue(await observe(source, 16), pods);
    });
  });

  describe('start times that are wrong', () => {
    const pods = [...stable, pod('canary-a', 'v2', { runs: [{ from: 30, to: 7200 }] })];

    it('are not believed where a clock was set: nothing is counted twice', async () => {
      const moved = seriesOf(pods).map(({ labels, samples }) =>
        labels['__name__'] === 'process_start_time_seconds'
          ? {
              labels,
              samples: samples.map(
                ([timeMs, value]) => [timeMs, timeMs > noonMs + 600_000 ? value + 5 : value] as const,
              ),
            }
          : { labels, samples },
      );
      assertTrue(await observe(sourceOf(new SimulatedServer(moved)), 20), pods);
    });

    it('are not believed where several processes share the labels', async () => {
      const series = seriesOf(pods);
      const doubled = series.flatMap((one) =>
        one.labels['__name__'] === 'process_start_time_seconds'
          ? [
              one,
              {
                labels: { ...one.labels, container: 'other' },
                samples: one.samples.map(
                  ([timeMs]) => [timeMs, timeMs > noonMs + 600_000 ? noonMs / 1000 + 590 : 0] as const,
                ),
              },
            ]
          : [one],
      );
      const { looks } = await observe(sourceOf(new SimulatedServer(doubled)), 20);
      assertTrue(
        { ...(await observe(sourceOf(new SimulatedServer(doubled)), 20)), looks: looks.slice(1) },
        pods,
      );
    });
  });

  it('asks once for many who ask about the same past', async () => {
    const pods = [...stable, pod('canary-a', 'v2', { runs: [{ from: 30, to: 7200 }] })];
    const server = new SimulatedServer(seriesOf(pods));
    const past = { ...query(20), isNow: false };
    await sourceOf(server).observe(past);
    const once = server.asked.length;
    const source = sourceOf(server);
    await Promise.all(Array.from({ length: 20 }, () => source.observe(past)));
    assert.equal(server.asked.length, 2 * once);
  });

  describe('what goes wrong', () => {
    const pods = [...stable, pod('canary-a', 'v2', { runs: [{ from: 30, to: 7200 }] })];

    it('answers what failed, and goes on where it was once the server is back', async () => {
      const server = new SimulatedServer(seriesOf(pods));
      const source = sourceOf(server);
      await observe(source, 20);
      for (const kind of ['unavailable', 'partial'] as const) {
        server.failure = (asked) =>
          asked.kind === 'instant' ? { kind, reason: 'the server said so' } : undefined;
        assert.deepEqual(await source.observe(query(23)), { kind, reason: 'the server said so' });
      }
      server.failure = undefined;
      assertTrue(await observe(source, 24), pods);
    });

    it('says which versions there are where the one asked for is not', async () => {
      const server = new SimulatedServer(seriesOf(pods));
      assert.deepEqual(await sourceOf(server).observe({ ...query(20), canary: 'v3' }), {
        kind: 'unknown-version',
        version: 'v3',
        known: ['v1', 'v2'],
      });
      assert.deepEqual(await sourceOf(server).observe({ ...query(20), stable: 'v0' }), {
        kind: 'unknown-version',
        version: 'v0',
        known: ['v2'],
      });
    });

    it('does not judge by a clock that lies behind', async () => {
      const server = new SimulatedServer(seriesOf(pods));
      const source = sourceOf(server);
      await observe(source, 60);
      const back = await source.observe(query(40));
      assert.ok(back.kind === 'partial');
      assert.match(
        back.reason,
        /the clock of the service says 2026-01-05T12:40:30Z, and looks were counted up to/,
      );
      server.serverMs = noonMs + 60 * minuteMs;
      const behind = sourceOf(server, {}, () => query(40).asOfMs);
      const afresh = await behind.observe(query(40));
      assert.ok(afresh.kind === 'partial');
      assert.match(afresh.reason, /the server "simulated" says 2026-01-05T13:00:00Z: set the clock right/);
    });

    it('does not wait longer than who asked', async () => {
      const server = new SimulatedServer(seriesOf(pods));
      server.failure = () => new Promise(() => undefined);
      const answer = await sourceOf(server).observe(query(20), AbortSignal.timeout(50));
      assert.equal(answer.kind, 'unavailable');
    });
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
