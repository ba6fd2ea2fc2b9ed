import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { modelQueries } from '../../../../src/config/index.js';
import { narrowMatchers } from '../../../../src/sources/prometheus/signals/narrow-matchers.js';
import { mapMatchers } from '../../../../src/sources/prometheus/signals/map-matchers.js';
import { fillMatcher } from '../../../../src/sources/prometheus/signals/placeholders.js';
import type { CountSignal, ModelSignals } from '../../../../src/sources/prometheus/signals/signal.js';
import { milliseconds } from '../../../../src/sources/prometheus/signals/time-units.js';
import { matchVersions } from '../../../../src/sources/prometheus/signals/versions.js';
import {
  presetNamed,
  presetNames,
  presets,
  type Preset,
} from '../../../../src/sources/prometheus/presets/index.js';
import { createMetrics, metricsReference } from '../../../../src/telemetry/index.js';
import { WrittenConfig } from '../../../config/support/written-config.js';
import { valueOf } from '../../../support/value-of.js';
import { readExposition, selected, total, type Exposition } from './exposition.js';

const servers = { main: { url: 'http://prometheus:9090' } };

interface Scraped {
  readonly file: string;
  readonly model?: string;
  /** Labels of the scrape beside namespace, pod, job and instance. */
  readonly target?: Readonly<Record<string, string>>;
  readonly canary: string;
  readonly requests: number;
  readonly errors: number;
  /** Absent: as many as requests. */
  readonly timed?: number;
}

const revision = { revision: 'fraud-00002' };
const pod = 'fraud-00002-deployment-5d4f8-abcde';

/** What each preset finds where 300 good requests stand beside 12 failed ones and others that are not its own. */
const scraped: Readonly<Record<string, readonly Scraped[]>> = {
  http: [{ file: 'http-status.txt', canary: '5d4f8', requests: 317, errors: 12 }],
  'http-code': [{ file: 'http-code.txt', canary: '5d4f8', requests: 317, errors: 12 }],
  'http-status-code': [{ file: 'http-status-code.txt', canary: '5d4f8', requests: 317, errors: 12 }],
  mlserver: [
    // 36 bad requests and 2 while the model was loading; 12 good ones named a version. Bad JSON is in no counter.
    { file: 'mlserver-metrics.txt', model: 'bc', canary: '5d4f8', requests: 348, errors: 38, timed: 372 },
    // The clients of a model that is not there.
    { file: 'mlserver-metrics.txt', model: 'nope', canary: '5d4f8', requests: 12, errors: 12, timed: 372 },
  ],
  kserve: [
    // Twice 600 good requests and 48 bad ones; bad JSON and unknown models are in no counter.
    {
      file: 'kserve-python-metrics.txt',
      model: 'bc',
      target: revision,
      canary: 'fraud-00002',
      requests: 1296,
      errors: 96,
    },
    // 232 of the 432 requests were answered 500, of which the 200 that could not be encoded are not seen.
    {
      file: 'kserve-python-encode-failure-metrics.txt',
      model: 'bc',
      target: revision,
      canary: 'fraud-00002',
      requests: 432,
      errors: 32,
    },
  ],
  knative: [{ file: 'knative.txt', target: revision, canary: 'fraud-00002', requests: 317, errors: 12 }],
  'knative-1.19': [
    {
      file: 'knative-1.19.txt',
      target: revision,
      canary: 'fraud-00002',
      requests: 317,
      errors: 12,
      timed: 0,
    },
  ],
  'knative-1.18': [{ file: 'knative-1.18.txt', canary: 'fraud-00002', requests: 317, errors: 12 }],
  'seldon-v1': [{ file: 'seldon-v1.txt', canary: 'canary', requests: 317, errors: 12 }],
  'seldon-v2': [{ file: 'seldon-v2.txt', canary: 'iris2', requests: 317, errors: 12, timed: 0 }],
  triton: [{ file: 'triton.txt', canary: '5d4f8', requests: 312, errors: 12, timed: 0 }],
  vllm: [{ file: 'vllm.txt', canary: '5d4f8', requests: 317, errors: 12, timed: 302 }],
  istio: [{ file: 'istio.txt', canary: 'v2', requests: 318, errors: 12 }],
};

/** A preset for one model and one version, as the config would put it together. */
function signalsOf(
  { where, signals, version }: Preset,
  model: string,
  canary: string,
  namespace = 'prod',
): ModelSignals {
  const { matcher } = valueOf(matchVersions(version, { canary }));
  return mapMatchers(signals, (own) => [
    ...narrowMatchers(where, own).map((one) => fillMatcher(one, { model, namespace })),
    matcher,
  ]);
}

function countOf(exposition: Exposition, signal: CountSignal | undefined): number {
  return total(exposition, signal?.plus) - total(exposition, signal?.minus);
}

function presetOf(name: string): Preset {
  return presetNamed(name) ?? assert.fail(`no preset ${name}`);
}

for (const [name, expositions] of Object.entries(scraped)) {
  describe(`the preset ${name}`, () => {
    const preset = presetOf(name);

    for (const {
      file,
      model = 'fraud',
      target = {},
      canary,
      requests,
      errors,
      timed = requests,
    } of expositions) {
      describe(`on ${file}, model ${model}`, () => {
        const scrapedFrom = { namespace: 'prod', pod, job: 'models', instance: '10.0.0.7:8080', ...target };
        const exposition = readExposition(file, scrapedFrom);
        const signals = signalsOf(preset, model, canary);

        it('counts the requests and the errors', () => {
          assert.deepEqual(
            [countOf(exposition, signals.requests), countOf(exposition, signals.errors)],
            [requests, errors],
          );
        });

        it('names only metrics that are there, as what they are', () => {
          const selections = [signals.requests.plus, signals.errors?.plus, signals.errors?.minus];
          for (const selection of selections) {
            for (const metric of selection?.metrics ?? []) {
              assert.ok(
                selected(exposition, { metrics: [metric], where: [] }).length > 0,
                `${metric} is in ${file}`,
              );
              const of = metric.replace(/_count$/, '');
              const type = exposition.types.get(metric) ?? exposition.types.get(of);
              assert.ok(type === 'counter' || type === 'histogram', `${metric} is a ${type}`);
            }
          }
        });

        it('names only labels that are there', () => {
          mapMatchers(signals, (where) => {
            for (const { label } of where) {
              assert.ok(
                exposition.series.some(({ labels }) => label in labels),
                `${label} is in ${file}`,
              );
            }
            return where;
          });
        });

        it('has the times of the requests in the buckets that it tells', () => {
          const { latency } = signals;
          if (latency?.kind !== 'buckets') {
            assert.equal(timed, 0);
            return;
          }
          const { metric, unit, where } = latency;
          assert.equal(exposition.types.get(metric), 'histogram');
          assert.equal(total(exposition, { metrics: [`${metric}_count`], where }), timed);
          const buckets = selected(exposition, { metrics: [`${metric}_bucket`], where });
          const open = buckets.filter(({ labels }) => labels['le'] === '+Inf');
          assert.equal(
            open.reduce((sum, { value }) => sum + value, 0),
            timed,
          );
          const bounds = new Set(buckets.map(({ labels }) => milliseconds(Number(labels['le']), unit)));
          const known = [...bounds].filter((bound) => Number.isFinite(bound)).sort((a, b) => a - b);
          if (preset.latencyBoundsMs !== undefined) assert.deepEqual(preset.latencyBoundsMs, known);
        });

        it('is of the unit that it tells', () => {
          const { latency } = signals;
          if (latency?.kind !== 'buckets') return;
          const { metric, unit, where } = latency;
          const sum = total(exposition, { metrics: [`${metric}_sum`], where });
          const mean = milliseconds(sum / timed, unit);
          assert.ok(mean > 0.1 && mean < 20_000, `${mean} ms`);
        });

        it('counts nothing of another version, another namespace or, where it is a label, another model', () => {
          assert.equal(countOf(exposition, signalsOf(preset, model, 'another').requests), 0);
          assert.equal(countOf(exposition, signalsOf(preset, model, canary, 'test').requests), 0);
          const isLabel = JSON.stringify([preset.where, preset.signals]).includes('{{model}}');
          if (isLabel) assert.equal(countOf(exposition, signalsOf(preset, 'absent', canary).requests), 0);
        });

        it('finds when the process began, or says that it does not', () => {
          const { metric, on } = preset.startTime ?? {
            metric: 'process_start_time_seconds',
            on: ['job', 'instance'],
          };
          const [start] = selected(exposition, { metrics: [metric], where: [] });
          // The files of real servers are without the series of the process.
          const isCaptured = file.startsWith('kserve') || file.startsWith('mlserver');
          if (!isCaptured) assert.equal(start === undefined, preset.gaps.startTime !== undefined);
          for (const label of on) assert.ok(label in scrapedFrom, label);
        });
      });
    }
  });
}

describe('the presets', () => {
  it('are all tried, or are of this service', () => {
    assert.deepEqual([...Object.keys(scraped), 'ml-verdict'].sort(), [...presetNames].sort());
    assert.equal(new Set(presetNames).size, presets.length);
    assert.equal(presetNamed('none'), undefined);
  });

  it('say what they cannot give: each signal is there, or its gap', () => {
    for (const { name, signals, gaps } of presets) {
      assert.ok(signals.errors !== undefined || gaps.errors !== undefined, name);
      assert.ok(signals.latency !== undefined || gaps.latency !== undefined, name);
      assert.ok(Object.keys(signals.predictions).length > 0 || gaps.predictions !== undefined, name);
      assert.ok(Object.keys(signals.outcomes).length > 0 || gaps.outcomes !== undefined, name);
    }
  });

  it('are written as sentences are', () => {
    for (const { name, title, summary, gaps, notes } of presets) {
      assert.doesNotMatch(title, /\.$/, name);
      for (const text of [summary, ...notes]) assert.match(text, /^[A-Z`].*\.$/s, text);
      for (const { reason, advice } of Object.values(gaps)) {
        assert.doesNotMatch(`${reason}\n${advice}`, /[.;]$|\n.*\n/m, name);
      }
    }
  });

  it('advise only settings that a config takes', () => {
    const setting = /^(?:where|version|requests|errors|latency|predictions|outcomes|startTime): /;
    const files = new WrittenConfig();
    let tried = 0;
    for (const { name, gaps, notes } of presets) {
      const texts = [...Object.values(gaps).map(({ advice }) => advice), ...notes];
      for (const [, code = ''] of texts.flatMap((text) => [...text.matchAll(/`([^`]+)`/g)])) {
        if (!setting.test(code)) continue;
        const settings = parse(code) as object;
        const models = { fraud: { prometheus: { preset: name, ...settings } } };
        const queries = modelQueries(files.load({ prometheus: { servers }, models }), 'prod', 'fraud');
        assert.ok(queries?.ok, code);
        tried += 1;
      }
    }
    files.remove();
    assert.ok(tried >= 20, String(tried));
  });

  it('count the same of MLServer without worker processes', () => {
    const target = { namespace: 'prod', pod };
    const exposition = readExposition('mlserver-single-process-metrics.txt', target);
    const { requests, errors } = signalsOf(presetOf('mlserver'), 'bc', '5d4f8');
    // 200 good requests, 8 good ones that named a version and 24 bad ones.
    assert.deepEqual([countOf(exposition, requests), countOf(exposition, errors)], [232, 24]);
  });

  it('tell quantiles of Triton that are there only with a flag', () => {
    const { signals, gaps } = presetOf('triton');
    assert.equal(signals.latency?.kind, 'summary');
    const exposition = readExposition('triton.txt', {});
    const quantiles = selected(exposition, { metrics: [signals.latency.metric], where: [] });
    assert.ok(quantiles.some(({ labels }) => labels['quantile'] === '0.99'));
    assert.match(gaps.latency?.reason ?? '', /only with `--metrics-config summary_latencies=true`/);
  });

  it('count at one of the two proxies of Istio', () => {
    const all = readExposition('istio.txt', { pod });
    const { metrics } = presetOf('istio').signals.requests.plus;
    const reporters = new Set(selected(all, { metrics, where: [] }).map(({ labels }) => labels['reporter']));
    assert.deepEqual([...reporters].sort(), ['destination', 'source']);
    assert.ok(
      presetOf('istio').where.some(({ label, operator }) => label === 'reporter' && operator === '='),
    );
  });

  it('name what this service offers', () => {
    const { signals, named, where, version, latencyBoundsMs } = presetOf('ml-verdict');
    const offered = new Map(
      metricsReference(createMetrics({ processMetrics: true }))
        .split('\n')
        .map((line) => line.split(' | '))
        .map(([name = '', , labels = '']) => [name.replace(/^\| `|`$/g, ''), labels] as const),
    );
    const assertOffered = (metric: string, labels: readonly string[]) => {
      const known = offered.get(metric);
      assert.ok(known !== undefined, metric);
      for (const label of [...labels, version.label, ...where.map((one) => one.label)]) {
        assert.ok(known.includes(`\`${label}\``), `${metric} has ${label}`);
      }
    };
    const assertAll = ({ metrics, where: own }: CountSignal['plus'], ...more: readonly string[]) => {
      for (const metric of metrics) assertOffered(metric, [...own.map(({ label }) => label), ...more]);
    };
    assertAll(signals.requests.plus);
    assert.ok(signals.errors && signals.latency && named && latencyBoundsMs);
    assertAll(signals.errors.plus);
    assertOffered(signals.latency.metric, []);
    assert.ok(named.scores.kind === 'scores' && named.labels.kind === 'labels');
    assertOffered(named.scores.metric, ['output']);
    assertAll(named.labels.counter, named.labels.label);
    const { count, sum, sumOfSquares } = named.outcome;
    assert.ok(sum.minus && sumOfSquares);
    for (const selection of [count, sum.plus, sum.minus, sumOfSquares]) assertAll(selection);
    assert.ok(latencyBoundsMs.includes(200) && latencyBoundsMs.includes(500));
  });
});
