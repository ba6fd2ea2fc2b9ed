import assert from 'node:assert/strict';
import { effectiveConfig, modelQueries } from '../../src/config/index.js';
import type { ModelQueries } from '../../src/sources/prometheus/signals/signal.js';
import { valueOf } from '../support/value-of.js';
import { WrittenConfig } from './support/written-config.js';

const prometheus = { servers: { main: { url: 'http://prometheus:9090' } } };

describe("a model's settings for Prometheus", () => {
  const files = new WrittenConfig();
  after(() => {
    files.remove();
  });

  /** How model `fraud` is read with these settings. */
  function read(settings: object): ModelQueries {
    const config = files.load({ prometheus, models: { fraud: { prometheus: settings } } });
    const queries = modelQueries(config, 'prod', 'fraud');
    assert.ok(queries !== undefined);
    return valueOf(queries);
  }

  it('may be written metric by metric, each in a short form', () => {
    const { signals } = read({
      requests: 'requests_total',
      errors: 'failures_total',
      latency: 'request_milliseconds',
      predictions: { histogram: 'scores' },
      outcomes: { count: 'shown_total', sum: 'clicked_total' },
    });
    assert.deepEqual(signals, {
      requests: { plus: { metrics: ['requests_total'], where: [] } },
      errors: { plus: { metrics: ['failures_total'], where: [] } },
      latency: { kind: 'buckets', metric: 'request_milliseconds', form: 'classic', unit: 'ms', where: [] },
      predictions: { default: { kind: 'scores', metric: 'scores', form: 'classic', where: [] } },
      outcomes: {
        default: {
          count: { metrics: ['shown_total'], where: [] },
          sum: { plus: { metrics: ['clicked_total'], where: [] } },
          immediate: false,
        },
      },
    });
  });

  it('may say everything', () => {
    const { signals } = read({
      where: { team: 'risk', path: { notMatches: '/healthz|/metrics', not: '' } },
      requests: { metric: ['good_total', 'bad_total'], where: { kind: 'predict' } },
      errors: { metric: 'begun_total', minus: { metric: 'done_total', where: { team: 'other' } } },
      latency: { histogram: 'times', unit: 'us', form: 'native', where: { code: { matches: '2..' } } },
      predictions: {
        score: { histogram: 'scores', form: 'native' },
        class: { counter: 'classes_total', label: 'class', where: { kind: 'x' } },
      },
      outcomes: {
        clicked: {
          count: { metric: 'o_total', where: { of: 'all' } },
          sum: { metric: 'won', minus: 'lost' },
          sumOfSquares: 'squares',
          immediate: true,
          where: { of: 'some', shop: 'a' },
        },
      },
    });
    const where = [
      { label: 'team', operator: '=', value: 'risk' },
      { label: 'path', operator: '!=', value: '' },
      { label: 'path', operator: '!~', value: '/healthz|/metrics' },
    ];
    const [team, ...paths] = where;
    const shop = { label: 'shop', operator: '=', value: 'a' };
    const some = { label: 'of', operator: '=', value: 'some' };
    const kind = (value: string) => ({ label: 'kind', operator: '=', value });
    assert.deepEqual(signals, {
      requests: { plus: { metrics: ['good_total', 'bad_total'], where: [...where, kind('predict')] } },
      errors: {
        plus: { metrics: ['begun_total'], where },
        minus: { metrics: ['done_total'], where: [...paths, { ...team, value: 'other' }] },
      },
      latency: {
        kind: 'buckets',
        metric: 'times',
        form: 'native',
        unit: 'us',
        where: [...where, { label: 'code', operator: '=~', value: '2..' }],
      },
      predictions: {
        score: { kind: 'scores', metric: 'scores', form: 'native', where },
        class: {
          kind: 'labels',
          counter: { metrics: ['classes_total'], where: [...where, kind('x')] },
          label: 'class',
        },
      },
      outcomes: {
        clicked: {
          count: { metrics: ['o_total'], where: [...where, shop, { ...some, value: 'all' }] },
          sum: {
            plus: { metrics: ['won'], where: [...where, some, shop] },
            minus: { metrics: ['lost'], where: [...where, some, shop] },
          },
          sumOfSquares: { metrics: ['squares'], where: [...where, some, shop] },
          immediate: true,
        },
      },
    });
  });

  it('take numbers and truth values for texts, as YAML reads them', () => {
    const { signals } = read({ requests: 'a_total', where: { code: 200, ok: true } });
    assert.deepEqual(
      signals.requests.plus.where.map(({ value }) => value),
      ['200', 'true'],
    );
  });

  it('find the unit of times in the name', () => {
    for (const [metric, unit] of [
      ['a_seconds', 's'],
      ['a_milliseconds', 'ms'],
      ['a_ms', 'ms'],
      ['a_us', 'us'],
      ['a_nanoseconds', 'ns'],
    ] as const) {
      assert.equal(read({ requests: 'a_total', latency: metric }).signals.latency?.unit, unit);
    }
    const summary = read({ requests: 'a_total', latency: { summary: 'times_count_us' } });
    assert.equal(summary.signals.latency?.kind, 'summary');
    assert.match(summary.missing['latency'] ?? '', /slowest pod is told, without a guarantee/);
  });

  it('have defaults', () => {
    const { signals, missing, ...rest } = read({ requests: 'a_total' });
    assert.deepEqual(rest, {
      server: 'main',
      version: { label: 'version', pattern: '{{version}}' },
      startTime: { metric: 'process_start_time_seconds', on: ['job', 'instance'] },
      targetLabels: ['namespace', 'pod', 'job', 'instance', 'version'],
      replicaLabels: ['prometheus_replica', 'replica', '__replica__'],
      aggregated: false,
      scrapeIntervalMs: 30_000,
    });
    assert.deepEqual(Object.keys(signals), ['requests', 'predictions', 'outcomes']);
    assert.deepEqual(Object.keys(missing).sort(), ['errors', 'latency', 'outcomes', 'predictions']);
  });

  it('take the place of the defaults', () => {
    const { signals, missing, ...rest } = read({
      requests: 'a_total',
      version: 'revision',
      startTime: 'began_seconds',
      targetLabels: ['host'],
      replicaLabels: [],
      aggregated: true,
      scrapeInterval: '15s',
    });
    assert.ok(signals.requests.plus.metrics.includes('a_total') && !('startTime' in missing));
    assert.deepEqual(rest, {
      server: 'main',
      version: { label: 'revision', pattern: '{{version}}' },
      startTime: { metric: 'began_seconds', on: ['job', 'instance'] },
      targetLabels: ['host', 'revision'],
      replicaLabels: [],
      aggregated: true,
      scrapeIntervalMs: 15_000,
    });
    const byPod = { label: 'pod', pattern: '*-{{version}}-*' };
    const start = { metric: 'kube_pod_start_time', on: ['namespace', 'pod'] };
    const other = read({ requests: 'a_total', version: byPod, startTime: start });
    assert.deepEqual([other.version, other.startTime], [byPod, start]);
    assert.deepEqual(other.targetLabels, ['namespace', 'pod', 'job', 'instance']);
  });

  it('are in the config in force as they were written', () => {
    const settings = {
      preset: 'mlserver',
      where: { app: { not: 'x' } },
      errors: 'none',
      latency: { histogram: 'a_seconds' },
      predictions: { score: { histogram: 'scores' } },
      outcomes: {},
    };
    const written = { prometheus, models: { fraud: { source: 'prometheus', prometheus: settings } } };
    const effective = effectiveConfig(files.load(written));
    assert.deepEqual(effective['models'], written.models);
    assert.deepEqual(effectiveConfig(files.load(effective)), effective);
  });

  const wrong: readonly (readonly [object, ...string[]])[] = [
    [{ preset: 'mlservr' }, 'preset: unknown preset "mlservr"; did you mean "mlserver"?'],
    [{ preset: 'kserve', server: 'mian' }, 'server: unknown server "mian"; did you mean "main"?'],
    [{ where: { app: 'x' } }, ': expected a preset, or the counter of requests'],
    [{ errors: 'none' }, ': expected a preset, or the counter of requests'],
    [
      { requests: 'rate(a_total[1m])' },
      'requests: expected the name of a metric alone; labels go into `where`, got "rate(a_total[1m])"',
    ],
    [{ requests: { metric: 'a', wher: {} } }, 'requests.wher: unknown field; did you mean "where"?'],
    [{ requests: { metric: [] } }, 'requests.metric: expected at least 1 entries, got an array'],
    [{ requests: 'a', where: { app: { nto: 'x' } } }, 'where.app.nto: unknown field; did you mean "not"?'],
    [
      { requests: 'a', where: { app: {} } },
      'where.app: expected one of not, matches, notMatches, got an object',
    ],
    [
      { requests: 'a', where: { __name__: 'x' } },
      'where.__name__: expected the name of a label as the key, got "x"',
    ],
    [
      { requests: 'a', where: { app: '{{modle}}' } },
      'where.app: expected no other placeholders than {{model}}, {{namespace}}, got "{{modle}}"',
    ],
    [
      { requests: 'a', where: { app: { matches: String.raw`(a)\1` } } },
      String.raw`where.app.matches: expected a regular expression of RE2, which has no lookaround and no references back, got "(a)\\1"`,
    ],
    [
      { requests: 'a', version: { label: 'pod', pattern: 'fraud-*' } },
      'version.pattern: expected a text with {{version}} in it once, got "fraud-*"',
    ],
    [
      { requests: 'a', latency: 'a_seconds_bucket' },
      'latency: expected the name of a histogram without `_bucket`, `_count` or `_sum`, got "a_seconds_bucket"',
    ],
    [
      { requests: 'a', latency: 'times' },
      'latency.unit: expected one of s, ms, us, ns, since the name of the metric does not end in one, got nothing',
    ],
    [
      { requests: 'a', latency: { histogram: 'a_ms', summary: 'b_ms' } },
      'latency: expected one of `histogram` and `summary`, got an object',
    ],
    [
      { requests: 'a', latency: { summary: 'b_ms', form: 'native' } },
      'latency.form: expected no form for a summary, got "native"',
    ],
    [
      { requests: 'a', predictions: { score: { histogramm: 'x' } } },
      'predictions.score.histogramm: unknown field; did you mean "histogram"?',
    ],
    [
      { requests: 'a', predictions: { counter: 'x' } },
      'predictions.label: expected the label that is the class, got nothing',
    ],
    [
      { requests: 'a', predictions: { histogram: 'x', label: 'y' } },
      'predictions.label: expected no label without a counter, got "y"',
    ],
    [
      { requests: 'a', predictions: { a: { counter: 'x', label: 'y', form: 'native' } } },
      'predictions.a.form: expected no form without a histogram, got "native"',
    ],
    [
      { requests: 'a', predictions: { a: { counter: 'x', histogram: 'y' } } },
      'predictions.a: expected one of `histogram`, `counter` and `kind`, got an object',
    ],
    [
      { requests: 'a', predictions: { score: { kind: 'scores' } } },
      'predictions.score: expected histogram or counter, since there is no preset',
    ],
    [
      { preset: 'vllm', outcomes: { clicked: {} } },
      'outcomes.clicked: expected count and sum, since the preset vllm has none',
    ],
    [
      { requests: 'a', outcomes: { sum: 'x' } },
      'outcomes.count: expected a counter beside `sum`, got nothing',
    ],
    [
      { requests: 'a', outcomes: { o: { count: 'x' } } },
      'outcomes.o.sum: expected a counter beside `count`, got nothing',
    ],
    [
      { requests: 'a', startTime: { metric: 'b', on: [] } },
      'startTime.on: expected at least 1 entries, got an array',
    ],
    [
      { requests: 'a', scrapeInterval: '2h' },
      'scrapeInterval: expected a duration from 1 s to 60 min, got "2h"',
    ],
    [
      { preset: 'kserv', server: 'mian', requests: 'a' },
      'server: unknown server "mian"; did you mean "main"?',
      'preset: unknown preset "kserv"; did you mean "kserve"?',
    ],
  ];
  for (const [settings, ...expected] of wrong) {
    it(`refuse ${JSON.stringify(settings)}`, () => {
      const told = files.refuse({ prometheus, models: { fraud: { prometheus: settings } } });
      assert.deepEqual(
        told.map((text) => text.replace(/ \(line \d+ of ml-verdict\.yaml\)$/, '')),
        expected.map((text) =>
          text.startsWith(':') ? `models.fraud.prometheus${text}` : `models.fraud.prometheus.${text}`,
        ),
      );
      for (const text of told) assert.match(text, /\(line \d+ of ml-verdict\.yaml\)$/);
    });
  }
});
