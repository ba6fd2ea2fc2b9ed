import assert from 'node:assert/strict';
import { configWarnings } from '../../src/cli/config-warnings.js';
import { WrittenConfig } from '../config/support/written-config.js';

const prometheus = { servers: { main: { url: 'http://prometheus:9090' } } };

describe('warnings of models that are read from Prometheus', () => {
  const files = new WrittenConfig();
  after(() => {
    files.remove();
  });
  const warningsOf = (content: object) => configWarnings(files.load({ prometheus, ...content }));
  const startsOf = (content: object) =>
    warningsOf(content).map((text) => text.split(': ').slice(0, 2).join(': '));
  const errorsOnly = {
    mine: { guardrails: [{ kind: 'error-rate', name: 'e', promoteBelow: '1%', rollbackAbove: '2%' }] },
  };

  it('say what the preset cannot give the policy, and how to have it', () => {
    const told = warningsOf({ models: { fraud: { prometheus: { preset: 'kserve' } } } });
    assert.match(
      told[0] ?? '',
      /^models\.fraud\.prometheus: errors: answers 400 and 404 .* are counted nowhere.*; where these matter, take .* preset `knative` or `istio`$/,
    );
    assert.deepEqual(
      startsOf({ models: { fraud: { prometheus: { preset: 'seldon-v2' } } } }),
      ['errors', 'latency', 'predictions', 'outcomes'].map((signal) => `models.fraud.prometheus: ${signal}`),
    );
  });

  it('leave out what the policy does not need, but for the start of processes', () => {
    const models = { fraud: { policy: 'mine', prometheus: { preset: 'triton' } } };
    assert.deepEqual(startsOf({ models, policies: errorsOnly }), [
      'models.fraud.prometheus: errors',
      'models.fraud.prometheus: startTime',
    ]);
  });

  it('leave out what the config gives', () => {
    const own = {
      errors: 'failures_total',
      latency: 'times_seconds',
      predictions: { histogram: 'scores' },
      outcomes: { count: 'shown_total', sum: 'bought_total' },
      startTime: 'began',
    };
    assert.deepEqual(warningsOf({ models: { fraud: { prometheus: { preset: 'triton', ...own } } } }), []);
  });

  it('tell limits that are no bound of the histogram, where its bounds are known', () => {
    const limits = (settings: object) =>
      warningsOf({ models: { '*': { prometheus: settings } } }).filter((text) =>
        text.includes('has a limit'),
      );
    assert.deepEqual(limits({ preset: 'mlserver' }), [
      'models.*.prometheus: latency-p99 has a limit at 200 ms, between the bounds 100 ms and 250 ms of the histogram of preset mlserver: a verdict has to cross that whole bucket; choose one of its bounds (5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000 ms)',
    ]);
    assert.deepEqual(limits({ preset: 'knative-1.18' }), []);
    assert.deepEqual(limits({ preset: 'http' }), []);
    assert.deepEqual(limits({ preset: 'mlserver', latency: 'own_seconds' }), []);
    assert.equal(limits({ preset: 'vllm' }).length, 1);
  });

  it("tell limits beside the ledger's bounds only where models may be judged from it", () => {
    const latency = { kind: 'latency-quantile', name: 'p99', promoteBelow: '800ms', rollbackAbove: '1500ms' };
    const content = { policies: { slow: { guardrails: [latency] } } };
    const all = { '*': { policy: 'slow', prometheus: { preset: 'vllm' } } };
    const ofLedger = (models: object) =>
      warningsOf({ ...content, models }).filter((text) => text.startsWith('policies.'));
    assert.deepEqual(ofLedger(all), []);
    assert.equal(ofLedger({ ...all, sent: { source: 'ledger' } }).length, 1);
    assert.equal(ofLedger({}).length, 1);
    assert.equal(warningsOf({ ...content, models: all }).filter((text) => text.includes('limit')).length, 0);
  });

  it('are not repeated for what a model takes from the entry for all', () => {
    const models = {
      '*': { prometheus: { preset: 'mlserver' } },
      plain: { policy: 'progressive' },
      'prod/other': { prometheus: { preset: 'istio' } },
    };
    const places = new Set(startsOf({ models }).map((text) => text.split(': ')[0]));
    assert.deepEqual([...places], ['models.*.prometheus', 'models.prod/other.prometheus']);
  });

  it('are none for models of the ledger', () => {
    const models = { '*': { prometheus: { preset: 'mlserver' } }, sent: { source: 'ledger' } };
    assert.ok(startsOf({ models }).every((text) => text.startsWith('models.*.')));
  });
});
