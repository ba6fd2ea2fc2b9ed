import assert from 'node:assert/strict';
import fc from 'fast-check';
import { modelQueries, type Config } from '../../src/config/index.js';
import { presets } from '../../src/sources/prometheus/presets/index.js';
import { mapMatchers } from '../../src/sources/prometheus/signals/map-matchers.js';
import { selectorText } from '../../src/sources/prometheus/signals/selector.js';
import type { Matcher, ModelQueries, ModelSignals } from '../../src/sources/prometheus/signals/signal.js';
import { matchVersions } from '../../src/sources/prometheus/signals/versions.js';
import { fits, readSelector } from '../sources/prometheus/signals/read-selector.js';
import { errorsOf, valueOf } from '../support/value-of.js';
import { WrittenConfig } from './support/written-config.js';

const one = { servers: { main: { url: 'http://one:9090', scrapeInterval: '10s' } } };
const two = { servers: { ...one.servers, far: { url: 'http://two:9090' } } };

function queriesOf(config: Config, namespace: string, model: string): ModelQueries {
  const queries = modelQueries(config, namespace, model);
  assert.ok(queries !== undefined, 'read from Prometheus');
  return valueOf(queries);
}

/** All matchers of some signals, in their order. */
function matchersOf(signals: ModelSignals): readonly Matcher[] {
  const found: Matcher[] = [];
  mapMatchers(signals, (where) => {
    found.push(...where);
    return where;
  });
  return found;
}

describe('the queries of a model', () => {
  const files = new WrittenConfig();
  after(() => {
    files.remove();
  });

  describe('are there', () => {
    it('for models with settings for Prometheus, unless they say otherwise', () => {
      const config = files.load({
        prometheus: one,
        models: {
          '*': { prometheus: { preset: 'http' } },
          sent: { source: 'ledger' },
          'test/fraud': { source: 'ledger', policy: 'progressive' },
        },
      });
      assert.equal(modelQueries(config, 'prod', 'sent'), undefined);
      assert.equal(modelQueries(config, 'test', 'fraud'), undefined);
      assert.equal(queriesOf(config, 'prod', 'fraud').preset, 'http');
      assert.equal(queriesOf(config, 'prod', 'never heard of').server, 'main');
    });

    it('for no other model', () => {
      const config = files.load({
        prometheus: one,
        models: { fraud: { prometheus: { preset: 'http' } }, other: { policy: 'progressive' } },
      });
      assert.equal(modelQueries(config, 'prod', 'other'), undefined);
      assert.equal(modelQueries(config, 'prod', 'unknown'), undefined);
      assert.equal(modelQueries(files.load({}), 'prod', 'fraud'), undefined);
    });
  });

  describe('are put together', () => {
    it('member by member, the more special entry first', () => {
      const config = files.load({
        prometheus: two,
        models: {
          '*': {
            prometheus: {
              server: 'main',
              preset: 'http',
              version: 'version',
              where: { cluster: 'a', team: 'x' },
              aggregated: true,
            },
          },
          fraud: { prometheus: { preset: 'triton', where: { team: 'risk' } } },
          'prod/fraud': { policy: 'progressive', prometheus: { server: 'far', where: { app: 'f' } } },
        },
      });
      const read = (namespace: string, model: string) => {
        const { server, preset, version, aggregated, signals, scrapeIntervalMs } = queriesOf(
          config,
          namespace,
          model,
        );
        const where = signals.requests.plus.where.map(({ label, value }) => `${label}=${value}`);
        return [server, preset, version.label, aggregated, where.join(), scrapeIntervalMs];
      };
      assert.deepEqual(read('prod', 'fraud'), [
        'far',
        'triton',
        'version',
        true,
        'namespace=prod,model=fraud,cluster=a,team=risk,app=f',
        30_000,
      ]);
      assert.deepEqual(read('test', 'fraud'), [
        'main',
        'triton',
        'version',
        true,
        'namespace=test,model=fraud,cluster=a,team=risk',
        10_000,
      ]);
      assert.deepEqual(read('test', 'x'), [
        'main',
        'http',
        'version',
        true,
        'namespace=test,cluster=a,team=x',
        10_000,
      ]);
    });

    it('from the preset where the settings do not say it', () => {
      const config = files.load({
        prometheus: one,
        models: {
          fraud: {
            prometheus: { preset: 'kserve', errors: 'failures_total', startTime: 'began', version: 'app' },
          },
        },
      });
      const { signals, missing, ...rest } = queriesOf(config, 'prod', 'fraud');
      const namespace = { label: 'namespace', operator: '=', value: 'prod' };
      const model = { label: 'model_name', operator: '=', value: 'fraud' };
      assert.deepEqual(signals, {
        requests: { plus: { metrics: ['request_predict_seconds_count'], where: [namespace, model] } },
        errors: { plus: { metrics: ['failures_total'], where: [namespace] } },
        latency: {
          kind: 'buckets',
          metric: 'request_predict_seconds',
          form: 'classic',
          unit: 's',
          where: [namespace, model],
        },
        predictions: {},
        outcomes: {},
      });
      assert.deepEqual(rest, {
        server: 'main',
        preset: 'kserve',
        version: { label: 'app', pattern: '{{version}}' },
        startTime: { metric: 'began', on: ['job', 'instance'] },
        targetLabels: ['namespace', 'pod', 'job', 'instance', 'app'],
        replicaLabels: ['prometheus_replica', 'replica', '__replica__'],
        aggregated: false,
        scrapeIntervalMs: 10_000,
      });
      assert.deepEqual(Object.keys(missing), ['latency', 'predictions', 'outcomes']);
    });

    it('with the conditions of the settings in place of what the preset says a label equals', () => {
      const where = { model: 'name-there', namespace: { matches: '.*' }, status: { not: '503' } };
      const load = (preset: string) =>
        queriesOf(
          files.load({ prometheus: one, models: { fraud: { prometheus: { preset, where } } } }),
          'prod',
          'fraud',
        );
      const conditions = [
        { label: 'model', operator: '=', value: 'name-there' },
        { label: 'namespace', operator: '=~', value: '.*' },
        { label: 'status', operator: '!=', value: '503' },
      ];
      assert.deepEqual(load('triton').signals.requests.plus.where, conditions);
      assert.deepEqual(load('http').signals.errors?.plus.where, [
        { label: 'status', operator: '=~', value: '5..' },
        ...conditions,
      ]);
    });

    it('without a signal that is switched off', () => {
      const config = files.load({
        prometheus: one,
        models: { fraud: { prometheus: { preset: 'mlserver', errors: 'none', latency: 'none' } } },
      });
      const { signals, missing } = queriesOf(config, 'prod', 'fraud');
      assert.deepEqual([signals.errors, signals.latency], [undefined, undefined]);
      assert.equal(missing['errors'], 'the config says that it is not measured');
      assert.equal(missing['latency'], 'the config says that it is not measured');
    });

    it('for the outputs and outcomes that are named, where the preset has them by name', () => {
      const config = files.load({
        prometheus: one,
        models: {
          fraud: {
            prometheus: {
              preset: 'ml-verdict',
              predictions: { score: { kind: 'scores' }, '{{model}}': { kind: 'labels', where: { x: 'y' } } },
              outcomes: { clicked: { immediate: true } },
            },
          },
        },
      });
      const { signals, missing } = queriesOf(config, 'prod', 'fraud');
      const equal = (label: string, value: string) => ({ label, operator: '=', value });
      const common = [equal('namespace', 'prod'), equal('model', 'fraud')];
      const clicked = [...common, equal('outcome', 'clicked')];
      assert.deepEqual(signals.predictions, {
        score: {
          kind: 'scores',
          metric: 'ml_verdict_ingested_scores',
          form: 'classic',
          where: [...common, equal('output', 'score')],
        },
        '{{model}}': {
          kind: 'labels',
          counter: {
            metrics: ['ml_verdict_ingested_labels_total'],
            where: [...common, equal('output', '{{model}}'), equal('x', 'y')],
          },
          label: 'label',
        },
      });
      assert.deepEqual(signals.outcomes['clicked'], {
        count: { metrics: ['ml_verdict_ingested_outcomes_total'], where: clicked },
        sum: {
          plus: {
            metrics: ['ml_verdict_ingested_outcome_sum_total'],
            where: [...clicked, equal('sign', '+')],
          },
          minus: {
            metrics: ['ml_verdict_ingested_outcome_sum_total'],
            where: [...clicked, equal('sign', '-')],
          },
        },
        sumOfSquares: { metrics: ['ml_verdict_ingested_outcome_squares_total'], where: clicked },
        immediate: true,
      });
      assert.deepEqual(missing, {});
    });
  });

  describe('cannot be', () => {
    const told = (models: object, prometheus: object = two) =>
      files.refuse(JSON.stringify({ prometheus, models }, undefined, 1));

    it('without a server', () => {
      const entry = { source: 'prometheus', prometheus: { preset: 'http' } };
      assert.deepEqual(told({ fraud: entry }, {}), [
        'models.fraud.prometheus: expected a server in prometheus.servers, which has none (line 6 of ml-verdict.yaml)',
      ]);
      assert.deepEqual(told({ '*': { source: 'prometheus' } }, one), [
        'models.*.source: expected a preset, or the counter of requests (line 12 of ml-verdict.yaml)',
      ]);
      assert.deepEqual(told({ fraud: entry }), [
        'models.fraud.prometheus: expected a server, one of "main", "far" (line 16 of ml-verdict.yaml)',
      ]);
    });

    it('with a mistake, which is told once, where it was written', () => {
      const models = {
        '*': { prometheus: { server: 'mian' } },
        fraud: { prometheus: { preset: 'vlm' } },
        'prod/fraud': { prometheus: { aggregated: true } },
        other: { prometheus: { preset: 'vllm' } },
      };
      assert.deepEqual(told(models), [
        'models.*.prometheus.server: unknown server "mian"; did you mean "main"? (line 16 of ml-verdict.yaml)',
        'models.fraud.prometheus.preset: unknown preset "vlm"; did you mean "vllm"? (line 21 of ml-verdict.yaml)',
      ]);
    });

    it('while nothing says the rest, unless another entry may', () => {
      const common = { '*': { prometheus: { where: { cluster: 'a' } } } };
      assert.equal(told(common).length, 2);
      const models = {
        ...common,
        fraud: { prometheus: { server: 'far' } },
        'prod/fraud': { prometheus: { preset: 'http' } },
      };
      const config = files.load({ prometheus: two, models });
      assert.equal(queriesOf(config, 'prod', 'fraud').preset, 'http');
      const queries = modelQueries(config, 'test', 'fraud');
      assert.ok(queries !== undefined);
      assert.deepEqual(errorsOf(queries), [
        { path: 'models.fraud.prometheus', message: 'expected a preset, or the counter of requests' },
      ]);
    });

    it('where a name would be a pattern', () => {
      const version = { label: 'pod', pattern: '{{model}}-{{version}}-*' };
      const models = { '*': { prometheus: { preset: 'http', version } } };
      const config = files.load({ prometheus: one, models });
      assert.equal(queriesOf(config, '*', 'fraud').version.pattern, 'fraud-{{version}}-*');
      for (const model of ['a*', '{{version}}', 'a{{version}}b']) {
        const queries = modelQueries(config, 'prod', model);
        assert.ok(queries !== undefined);
        const [error] = errorsOf(queries);
        assert.equal(error?.path, 'models.*.prometheus.version');
        assert.match(error.message, /cannot stand in its pattern, in which \* is any text/);
      }
      assert.equal(queriesOf(config, 'prod', '{{namespace}}').version.pattern, '{{namespace}}-{{version}}-*');
    });
  });

  describe('say nothing else than was meant', () => {
    const name = fc
      .array(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('"', '\\', '\n', '"}', ' or up{', '|', '.*', '{{namespace}}', '{{model}}', ')'),
        ),
        { minLength: 1, maxLength: 5 },
      )
      .map((parts) => parts.join(''))
      .filter((text) => text !== '');

    it('whatever a model, a namespace and versions are called', () => {
      const where = {
        model: '{{model}}',
        both: 'of {{namespace}}/{{model}}',
        found: { matches: '{{model}}|x' },
        lost: { notMatches: '.*{{namespace}}.*' },
      };
      const models = { '*': { prometheus: { requests: 'requests_total', where } } };
      const config = files.load({ prometheus: one, models });
      fc.assert(
        fc.property(name, name, name, name, name, (namespace, model, canary, stable, other) => {
          fc.pre(canary !== stable);
          const { signals, version } = queriesOf(config, namespace, model);
          const { matcher, armOf } = valueOf(matchVersions(version, { canary, stable }));
          const { metrics, where: matchers } = signals.requests.plus;
          const read = readSelector(selectorText(metrics, [...matchers, matcher]));
          assert.equal(read.metric, 'requests_total');
          assert.deepEqual(
            read.matchers.map(({ label, operator }) => label + operator),
            ['model=', 'both=', 'found=~', 'lost!~', 'version=~'],
          );
          const [equal, both, found, lost, versions] = read.matchers;
          assert.ok(equal && both && found && lost && versions);
          assert.deepEqual([equal.value, both.value], [model, `of ${namespace}/${model}`]);
          assert.ok(fits(found, model) && fits(found, 'x'));
          assert.equal(fits(found, other), other === model || other === 'x');
          assert.equal(fits(lost, other), !other.includes(namespace));
          assert.ok(fits(versions, canary) && fits(versions, stable));
          assert.equal(fits(versions, other), armOf({ version: other }) !== undefined);
          assert.equal(fits(versions, other), other === canary || other === stable);
        }),
        { numRuns: 300 },
      );
    });

    it('with every preset, of which no placeholder stays', () => {
      for (const { name: preset } of presets) {
        const models = { '*': { prometheus: { preset } } };
        const { signals, version } = queriesOf(files.load({ prometheus: one, models }), 'prod', 'fraud');
        assert.doesNotMatch(JSON.stringify(signals), /\{\{/, preset);
        assert.doesNotMatch(version.pattern.replace('{{version}}', ''), /\{\{/, preset);
        assert.ok(
          matchersOf(signals).some(({ value }) => value === 'prod'),
          `${preset} is of a namespace`,
        );
      }
    });
  });
});
