import assert from 'node:assert/strict';
import type { ScrapedSeries } from '../../sources/prometheus/support/simulated-server.js';
import { checkSeries, told, wrong, type SeriesCheck } from './support/check-series.js';
import {
  canaryPod,
  isOf,
  podSeries,
  scraped,
  soundSeries,
  soundWithout,
  stablePods,
  targetOf,
  usualTimes,
  type PodOfModel,
} from './support/scraped-model.js';

/** The model with something different about all of its pods. */
function everyPod(change: Partial<PodOfModel>): readonly ScrapedSeries[] {
  return [...stablePods, canaryPod].flatMap((pod) => podSeries({ ...pod, ...change }));
}

/** The sound series under other labels. */
function relabelled(
  series: readonly ScrapedSeries[],
  labels: Readonly<Record<string, string>>,
): readonly ScrapedSeries[] {
  return series.map((one) => ({ ...one, labels: { ...one.labels, ...labels } }));
}

describe('check-config --online', () => {
  it('finds nothing wrong with a sound model, and tells what it has seen', async () => {
    const findings = await checkSeries(soundSeries);
    assert.deepEqual(wrong(findings), []);
    assert.match(
      told(findings, 'server')[0] ?? '',
      /^ok: answers queries in \d+ ms; it says it is version 2\.42\.0$/,
    );
    assert.deepEqual(
      findings.filter(({ check }) => check !== 'server').map(({ check, found }) => [check, found]),
      [
        ['requests', '6 series of http_requests_total, 3 targets: v1 (2 targets), v2 (1 target)'],
        ['version', 'the label version is "v1", "v2"'],
        ['scrapes', 'targets are scraped every 15 s, as the config says'],
        ['startTime', 'process_start_time_seconds tells when each process began, on job, instance'],
        ['errors', '3 series of failures, of "v1", "v2"'],
        [
          'latency',
          'http_request_duration_seconds: 4 bounds from 100 ms to 1,000 ms, with the limits 200 ms and 500 ms',
        ],
        ['predictions.default', 'model_score: 5 bounds (0.2, 0.4, 0.6, 0.8, 1)'],
      ],
    );
    assert.ok(
      findings
        .slice(1)
        .every(
          ({ server, namespace, model }) =>
            `${server} ${namespace ?? ''}/${model ?? ''}` === 'main shop/fraud',
        ),
    );
  });

  it('limits itself to the versions that are named', async () => {
    const findings = await checkSeries(soundSeries, { compared: { canary: 'v2' } });
    assert.deepEqual(wrong(findings), []);
    assert.deepEqual(told(findings, 'requests'), [
      'ok: 2 series of http_requests_total, 1 target: v2 (1 target)',
    ]);
    const both = await checkSeries(soundSeries, { compared: { canary: 'v2', stable: 'v1' } });
    assert.deepEqual(told(both, 'version'), ['ok: "v1", "v2" told by the label version']);
  });

  /** What is wrong, as the series and the config have it, and what is found. */
  const cases: Readonly<
    Record<string, readonly [series: readonly ScrapedSeries[], check: SeriesCheck, found: readonly RegExp[]]>
  > = {
    'there is no such metric': [
      soundSeries,
      { entry: { requests: 'requests_total' } },
      [/^error requests: requests_total: the server has no such metric$/],
    ],
    'nothing is scraped any more': [
      everyPod({ scraping: { ageSeconds: 900 } }),
      {},
      [/^error requests: http_requests_total: no sample now, though there were some within the last day$/],
    ],
    'a condition leaves nothing': [
      relabelled(soundSeries, { namespace: 'prod' }),
      {},
      [
        /^error requests: http_requests_total is there, but no series with namespace="shop": namespace is "prod"$/,
      ],
    ],
    'a condition is on a label that is not there': [
      soundSeries,
      { entry: { where: { app: 'fraud' } } },
      [/^error requests: .* no series with app="fraud": none has the label app$/],
    ],
    'conditions leave nothing together': [
      soundSeries,
      { entry: { where: { pod: 'fraud-a', version: 'v2' } } },
      [/^error requests: .* no series fits all of pod="fraud-a", version="v2"$/],
    ],
    'versions have no label': [
      everyPod({ labels: { version: '' } }),
      {},
      [/^error version: no series of requests has the label version, by which versions are told$/],
    ],
    'some pods have no version': [
      [...soundSeries, ...podSeries({ name: 'fraud-d', version: '' })],
      {},
      [
        /^warning version: 2 series of requests without the label version: their requests count for no version$/,
      ],
    ],
    'no label fits the pattern': [
      soundSeries,
      { entry: { version: { label: 'pod', pattern: '*-{{version}}-deployment-*' } } },
      [
        /^error version: the label pod is "fraud-a", "fraud-b", "fraud-c": none fits the pattern "\*-\{\{version\}\}-deployment-\*"$/,
      ],
    ],
    'the canary is not there': [
      soundSeries,
      { compared: { canary: 'v22', stable: 'v1' } },
      [/^error version: no requests of the canary version "v22": the label version is "v1", "v2"$/],
    ],
    'versions cannot be told apart': [
      soundSeries,
      {
        entry: { version: { label: 'version', pattern: '{{version}}*' } },
        compared: { canary: 'v10', stable: 'v1' },
      },
      [/^error version: by "\{\{version\}\}\*" series of "v10" and of "v1" cannot be told apart/],
    ],
    'a metric of several has no series': [
      soundSeries,
      { entry: { requests: { metric: ['http_requests_total', 'rejected_total'] } } },
      [/^warning requests: no series of "rejected_total": what it counts is taken for nothing$/],
    ],
    'failures have a metric of their own, which is not there': [
      soundSeries,
      { entry: { errors: 'http_failures_total' } },
      [
        /^error errors: failures could not be seen: version v1 has no series of http_failures_total; version v2 has no series/,
      ],
    ],
    'failures are told by a label that is not there': [
      soundSeries,
      { entry: { errors: { metric: 'http_requests_total', where: { status: { matches: '5..' } } } } },
      [/^error errors: failures could not be seen: no series of version v1 has the label status; /],
    ],
    'no errors are named': [
      soundSeries,
      { entry: { errors: 'none' } },
      [/^warning errors: not measured, so that "error-rate" holds and nothing is promoted: the config says/],
    ],
    'a limit is no bound': [
      everyPod({ times: { '0.1': 0.9, '0.25': 0.995, '0.5': 0.999, '1': 1 } }),
      {},
      [
        /^warning latency: latency-p99 has a limit at 200 ms, between the bounds 100 ms and 250 ms of http_request_duration_seconds: a verdict has to cross that whole bucket/,
      ],
    ],
    'versions have different bounds': [
      [
        ...stablePods.flatMap(podSeries),
        ...podSeries({ ...canaryPod, times: { ...usualTimes, '0.3': 0.997 } }),
      ],
      {},
      [
        /^warning latency: the histograms have different bounds \(v1 4, v2 5\); only the 4 that all have are used: 0\.1, 0\.2, 0\.5, 1$/,
      ],
    ],
    'versions have no bound in common': [
      [...stablePods.flatMap(podSeries), ...podSeries({ ...canaryPod, times: { '0.3': 0.9, '3': 1 } })],
      {},
      [/^error latency: the histograms of http_request_duration_seconds have no bucket bound in common$/],
    ],
    'there are no request times': [
      soundWithout('http_request_duration_seconds_bucket'),
      {},
      [/^error latency: http_request_duration_seconds_bucket: the server has no such metric$/],
    ],
    'request times have no version': [
      soundSeries.map((series) =>
        isOf('http_request_duration_seconds_bucket')(series)
          ? { ...series, labels: { ...series.labels, version: '' } }
          : series,
      ),
      {},
      [
        /^error latency: http_request_duration_seconds_bucket is there, but not for the versions by the label version$/,
      ],
    ],
    'a histogram is native': [
      [
        ...soundWithout('http_request_duration_seconds_bucket'),
        scraped({ __name__: 'http_request_duration_seconds', ...targetOf(canaryPod) }, (second) => second),
      ],
      {},
      [/^error latency: http_request_duration_seconds is a native histogram, and read in the other form$/],
    ],
    'a histogram is classic': [
      soundSeries,
      { entry: { latency: { histogram: 'http_request_duration_seconds', form: 'native' } } },
      [/^error latency: http_request_duration_seconds is a classic histogram, and read in the other form$/],
    ],
    'milliseconds are read as seconds': [
      everyPod({ times: { '100': 0.5, '200': 0.9, '500': 1, '1000': 1 } }),
      { policies: ownPolicy() },
      [
        /^warning latency: the p99 of all requests so far lies between 200 s and 500 s: is the unit of .* really s\?$/,
      ],
    ],
    'seconds are read as milliseconds': [
      everyPod({ times: { '0.1': 0.5, '0.2': 0.9, '0.5': 1, '1': 1 } }),
      {
        entry: { latency: { histogram: 'http_request_duration_seconds', unit: 'ms' } },
        policies: ownPolicy(),
      },
      [/^warning latency: http_request_duration_seconds is read in ms, though its name says s$/],
    ],
    'all times are in the lowest bucket': [
      everyPod({ times: { '5': 1, '10': 1, '50': 1 } }),
      { policies: ownPolicy() },
      [
        /^warning latency: 100 % of the requests are in the lowest bucket, up to 5,000 ms: .*unit may be mixed up/,
      ],
    ],
    'most times are above the last bound': [
      everyPod({ times: { '0.1': 0.01, '0.2': 0.02, '0.5': 0.1, '1': 0.2 } }),
      {},
      [
        /^warning latency: 80\S* % of the requests are above the last bound, 1,000 ms: .*unit may be mixed up/,
      ],
    ],
    'a few times are above the last bound': [
      everyPod({ times: { '0.1': 0.9, '0.2': 0.95, '0.5': 0.97 } }),
      {},
      [
        /^warning latency: 3\S* % of the requests are above the last bound, 500 ms: where the p99 lies cannot be told$/,
      ],
    ],
    'a summary has no quantiles': [
      [
        ...soundSeries,
        scraped({ __name__: 'infer_seconds_count', ...targetOf(canaryPod) }, (second) => second),
      ],
      { entry: { latency: { summary: 'infer_seconds' } } },
      [/^error latency: infer_seconds is a summary without quantiles/],
    ],
    'a summary lacks the quantile of the policy': [
      [
        ...soundSeries,
        scraped({ __name__: 'infer_seconds', quantile: '0.9', ...targetOf(canaryPod) }, () => 0.1),
      ],
      { entry: { latency: { summary: 'infer_seconds' } } },
      [/^error latency: infer_seconds has the quantiles "0\.9", the policy asks for 0\.99$/],
    ],
    'a summary has the quantile': [
      [
        ...soundSeries,
        scraped({ __name__: 'infer_seconds', quantile: '0.99', ...targetOf(canaryPod) }, () => 0.1),
      ],
      { entry: { latency: { summary: 'infer_seconds' } } },
      [
        /^warning latency: infer_seconds: quantiles "0\.99" that the pods compute themselves; .* without a guarantee$/,
      ],
    ],
    'a summary is not there': [
      soundSeries,
      { entry: { latency: { summary: 'infer_seconds' } } },
      [/^error latency: infer_seconds: the server has no such metric$/],
    ],
    'scores have too few bounds': [
      everyPod({ scores: { '0.5': 0.7, '1': 1 } }),
      {},
      [/^warning predictions\.default: model_score: 2 bounds \(0\.5, 1\): too few to show how scores shift$/],
    ],
    'all scores are in one bucket': [
      everyPod({ scores: { '1': 0, '2': 0, '3': 0, '4': 0 } }),
      {},
      [
        /^warning predictions\.default: nearly all scores are in one bucket, above 4: drift within it does not show$/,
      ],
    ],
    'the policy reads another output': [
      soundSeries,
      { entry: { predictions: { score: { histogram: 'model_score' } } } },
      [
        /^warning predictions: prediction-drift reads the output "default", which is not among predictions; known: "score"$/,
      ],
    ],
    'no predictions are named': [
      soundSeries,
      { entry: { predictions: null } },
      [/^warning predictions: not measured, so that "prediction-drift" holds and nothing is promoted/],
    ],
    'classes have another label': [
      [...soundSeries, scraped({ __name__: 'predicted_total', ...targetOf(canaryPod) }, (second) => second)],
      { entry: { predictions: { counter: 'predicted_total', label: 'class' } } },
      [/^error predictions\.default: no series has the label class, which is the class$/],
    ],
    'outcomes count when they arrive': [
      [...soundSeries, ...outcomeSeries()],
      { entry: { outcomes: { count: 'clicks_shown_total', sum: 'clicks_total' } } },
      [/^warning outcomes\.default: 1 series of clicks_shown_total, counted when they arrive: /],
    ],
    'there are no outcomes': [
      soundSeries,
      { entry: { outcomes: { count: 'clicks_shown_total', sum: 'clicks_total', immediate: true } } },
      [
        /^warning outcomes\.default: clicks_shown_total: the server has no such metric$/,
        /^warning outcomes\.default: clicks_total: the server has no such metric$/,
      ],
    ],
    'scrapes are further apart than the config says': [
      everyPod({ scraping: { everySeconds: 30 } }),
      {},
      [/^warning scrapes: targets are scraped every 30 s, the config says every 15 s/],
    ],
    'scrapes are minutes apart': [
      everyPod({ scraping: { everySeconds: 90 } }),
      { entry: { scrapeInterval: '90s' } },
      [/^warning scrapes: targets are scraped every 90 s: looks are minutes/],
    ],
    'samples are old': [
      everyPod({ scraping: { ageSeconds: 120 } }),
      {},
      [/^warning scrapes: the newest sample is 120 s old$/],
    ],
    'a label tells collectors that the config does not know': [
      [
        ...relabelled(soundSeries, { receive_replica: 'a' }),
        ...relabelled(soundSeries, { receive_replica: 'b' }),
      ],
      {},
      [/^error collectors: there are series that differ in nothing but receive_replica \("a", "b"\)/],
    ],
    'two jobs scrape the same address': [
      [...soundSeries, ...relabelled(podSeries(canaryPod), { job: 'services' })],
      {},
      [
        /^error targets: fraud-c is scraped more than once \("models at fraud-c:8080", "services at fraud-c:8080"\)/,
      ],
    ],
    'two ports of a pod show the same': [
      [...soundSeries, ...relabelled(podSeries(canaryPod), { instance: 'fraud-c:15020' })],
      {},
      [
        /^error targets: fraud-c is scraped more than once \("models at fraud-c:15020", "models at fraud-c:8080"\)/,
      ],
    ],
    'nothing tells when processes began': [
      soundWithout('process_start_time_seconds'),
      {},
      [
        /^warning startTime: there is no process_start_time_seconds: the requests that a new pod has served before its first scrape do not count$/,
      ],
    ],
    'starts have other labels': [
      [
        ...soundWithout('process_start_time_seconds'),
        scraped({ __name__: 'process_start_time_seconds', job: 'models', instance: 'other' }, () => 1.7e9),
      ],
      {},
      [
        /^warning startTime: process_start_time_seconds is there, but not of 3 processes by the labels job, instance: /,
      ],
    ],
    'a start is none': [
      [
        ...soundWithout('process_start_time_seconds'),
        scraped({ __name__: 'process_start_time_seconds', ...targetOf(canaryPod) }, (second) => second),
      ],
      {},
      [/^error startTime: process_start_time_seconds says that a process began at 1970-01-01T00:/],
    ],
    'a counter is a gauge': [
      [
        ...soundWithout('model_score_bucket'),
        scraped({ __name__: 'predicted_total', class: 'a', ...targetOf(canaryPod) }, (second) => second % 40),
      ],
      { entry: { predictions: { counter: 'predicted_total', label: 'class' } } },
      [
        /^error predictions\.default: predicted_total went down \d+ times in a few minutes \(namespace=shop, pod=fraud-c, job=models, instance=fraud-c:8080, version=v2\), though its process did not restart/,
      ],
    ],
    'series are sums over pods': [
      soundSeries
        .map((series) => ({
          ...series,
          labels: {
            ...series.labels,
            pod: '',
            instance: '',
            ...(series.labels['pod'] === 'fraud-b' ? { version: 'v0' } : {}),
          },
        }))
        .map(({ labels, samples }) => ({
          labels: Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== '')),
          samples,
        })),
      {},
      [
        /^error targets: http_requests_total has none of the labels pod, instance: it looks like a sum over pods/,
      ],
    ],
    'series are not sums, though the config says so': [
      soundSeries,
      { entry: { aggregated: true } },
      [
        /^warning targets: http_requests_total has series of single targets, though the config says that they are sums$/,
      ],
    ],
  };

  for (const [what, [series, check, found]] of Object.entries(cases)) {
    it(`says so where ${what}`, async () => {
      const all = wrong(await checkSeries(series, check));
      assert.equal(all.length, found.length, all.join('\n'));
      found.forEach((pattern, index) => {
        assert.match(all[index] ?? '', pattern);
      });
    });
  }

  /** What is as it should be, though it might look otherwise. */
  const fine: Readonly<Record<string, readonly [readonly ScrapedSeries[], SeriesCheck, string, RegExp]>> = {
    'nothing has failed yet, where failures would be seen': [
      soundSeries.filter(({ labels }) => labels['code'] !== '500'),
      {},
      'errors',
      /^ok: no failures so far; they would be seen by namespace="shop", code=~"5\.\."$/,
    ],
    'a pattern reads versions from the names of pods': [
      [...stablePods, canaryPod].flatMap((pod) =>
        podSeries({
          ...pod,
          name: `fraud-model-${pod.version === 'v1' ? '6c8b5d7f9d' : '5d7f8c9b64'}-${pod.name.slice(-1)}2lkq`,
        }),
      ),
      { entry: { version: { label: 'pod', pattern: '*-{{version}}-*' } } },
      'version',
      /^ok: the label pod with "\*-\{\{version\}\}-\*" seems to name "5d7f8c9b64", "6c8b5d7f9d"$/,
    ],
    'a pair of collectors is known': [
      [...relabelled(soundSeries, { replica: 'a' }), ...relabelled(soundSeries, { replica: 'b' })],
      {},
      'collectors',
      /^ok: "a", "b" have the same series, told by replica: each counts once$/,
    ],
    'scrapes are closer than the config says': [
      soundSeries,
      { entry: { scrapeInterval: '30s' } },
      'scrapes',
      /^ok: targets are scraped every 15 s, the config says every 30 s: .* \| set scrapeInterval: 15s$/,
    ],
    'counters tell their own beginning': [
      [
        ...soundWithout('process_start_time_seconds'),
        ...[...stablePods, canaryPod].map((pod) =>
          scraped({ __name__: 'http_requests_created', ...targetOf(pod) }, () => 1.7e9),
        ),
      ],
      {},
      'startTime',
      /^ok: the counters have series _created, which tell when each of them began$/,
    ],
    'a process has restarted': [
      [
        ...stablePods.flatMap(podSeries),
        ...podSeries(canaryPod).map(({ labels, samples }) => ({
          labels,
          samples: samples.map(([atMs, value], place) => {
            const isAfter = place >= samples.length - 8;
            const from = samples.at(-8);
            if (!isAfter || from === undefined) return [atMs, value] as const;
            return [
              atMs,
              labels['__name__'] === 'process_start_time_seconds' ? from[0] / 1000 : value - from[1],
            ] as const;
          }),
        })),
      ],
      {},
      'requests',
      /^ok: 6 series/,
    ],
    'two processes of a pod began at different times': [
      [
        ...soundSeries,
        ...relabelled(podSeries({ ...canaryPod, scraping: { spanSeconds: 900 } }), {
          instance: 'fraud-c:8081',
        }),
      ],
      {},
      'requests',
      /^ok: 8 series of http_requests_total, 4 targets/,
    ],
    'sums are named as sums': [
      [stablePods[0], canaryPod].flatMap((pod) =>
        pod === undefined ? [] : podSeries({ ...pod, labels: { pod: '', instance: '', job: '' } }),
      ),
      { entry: { aggregated: true } },
      'targets',
      /^ok: http_requests_total is a sum over targets: .* counts are lost, and verdicts say so$/,
    ],
    'outcomes are known with their requests': [
      [...soundSeries, ...outcomeSeries()],
      { entry: { outcomes: { count: 'clicks_shown_total', sum: 'clicks_total', immediate: true } } },
      'outcomes.default',
      /^ok: 1 series of clicks_shown_total, known with their requests$/,
    ],
    'classes are counted': [
      [
        ...soundSeries,
        ...['yes', 'no'].map((name) =>
          scraped({ __name__: 'predicted_total', class: name, ...targetOf(canaryPod) }, (second) => second),
        ),
      ],
      { entry: { predictions: { counter: 'predicted_total', label: 'class' } } },
      'predictions.default',
      /^ok: 2 class values: "no", "yes"$/,
    ],
  };

  for (const [what, [series, check, name, found]] of Object.entries(fine)) {
    it(`finds nothing wrong where ${what}`, async () => {
      const findings = await checkSeries(series, check);
      assert.deepEqual(wrong(findings), []);
      assert.ok(
        told(findings, name).some((text) => found.test(text)),
        told(findings, name).join('\n'),
      );
    });
  }

  it('goes on with the other signals where one query fails', async () => {
    const findings = await checkSeries(soundSeries, {
      change: ({ simulated }) => {
        simulated.failure = ({ expression }) =>
          expression.includes('duration') ? { kind: 'unavailable', reason: 'too many samples' } : undefined;
      },
    });
    assert.match(
      told(findings, 'latency')[0] ?? '',
      /^error: could not be read: the server prometheus "main" /,
    );
    assert.equal(told(findings, 'predictions.default')[0]?.slice(0, 3), 'ok:');
  });

  it('tells the nearest version', async () => {
    const findings = await checkSeries(soundSeries, { compared: { canary: 'v22' } });
    assert.match(told(findings, 'version')[0] ?? '', /\| did you mean "v[12]"\?$/);
  });
});

/** A policy without limits on times, for histograms that have others. */
function ownPolicy(): Readonly<Record<string, unknown>> {
  return {
    own: {
      guardrails: [
        { name: 'errors', kind: 'error-rate', promoteBelow: '0.5%', rollbackAbove: '1%' },
        { name: 'drift', kind: 'prediction-drift', promoteBelow: 0.1, rollbackAbove: 0.2 },
      ],
    },
  };
}

function outcomeSeries(): readonly ScrapedSeries[] {
  return ['clicks_shown_total', 'clicks_total'].map((name) =>
    scraped({ __name__: name, ...targetOf(canaryPod) }, (second) => second),
  );
}
