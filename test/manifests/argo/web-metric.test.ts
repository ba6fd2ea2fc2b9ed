import assert from 'node:assert/strict';
import type { Metric } from '../argo-documents.js';
import { getRequest, measure, postRequest, resolveMetric } from './web-metric.js';

const success = 'default(result, ["", ""])[1] == "promote"';
const failure = 'default(result, ["", ""])[1] == "rollback"';

function metricWith(jsonBody: Record<string, unknown>, more: Partial<Metric> = {}): Metric {
  const web = {
    method: 'POST',
    url: 'http://{{args.host}}/v1/verdict',
    jsonBody,
    jsonPath: '{$.measurement}',
  };
  return { name: 'm', successCondition: success, failureCondition: failure, provider: { web }, ...more };
}

const args = new Map([
  ['host', 'example.com'],
  ['limit', '0.5%'],
  ['empty', ''],
  ['quoted', 'a "b" \\ c'],
]);

describe('web metric', () => {
  const metric = metricWith({
    z: '{{args.limit}}',
    a: 500,
    guardrails: {
      y: { promoteBelow: '{{ args.limit }}', above: '{{args.empty}}' },
      x: { note: '{{args.quoted}}' },
    },
  });

  it('has its arguments filled in at any depth, as text', () => {
    assert.deepEqual(resolveMetric(metric, args).provider.web, {
      method: 'POST',
      url: 'http://example.com/v1/verdict',
      jsonPath: '{$.measurement}',
      jsonBody: {
        z: '0.5%',
        a: 500,
        guardrails: { y: { promoteBelow: '0.5%', above: '' }, x: { note: 'a "b" \\ c' } },
      },
    });
  });

  it('cannot be resolved with an argument missing', () => {
    assert.throws(() => resolveMetric(metric, new Map()), /failed to resolve \{\{args\./);
  });

  it('is posted as JSON with sorted keys', () => {
    assert.deepEqual(postRequest(resolveMetric(metric, args)), {
      method: 'POST',
      url: 'http://example.com/v1/verdict',
      headers: { 'content-type': 'application/json' },
      body: '{"a":500,"guardrails":{"x":{"note":"a \\"b\\" \\\\ c"},"y":{"above":"","promoteBelow":"0.5%"}},"z":"0.5%"}',
    });
  });

  it('sends its headers, and cannot send one with a newline in it', () => {
    const web = {
      url: 'http://example.com/',
      headers: [{ key: 'Authorization', value: 'Bearer {{ args.token }}' }],
    };
    const asking = metricWith({}, { provider: { web } });
    const with_ = (token: string) => postRequest(resolveMetric(asking, new Map([['token', token]])));
    assert.deepEqual(with_('sesame'), {
      method: 'GET',
      url: 'http://example.com/',
      headers: { authorization: 'Bearer sesame' },
    });
    assert.throws(() => with_('sesame\n'), /invalid header field value/);
  });

  it('can be asked as a GET, with nested fields by their path and nothing encoded', () => {
    const request = getRequest(
      resolveMetric(metricWith({ m: 'x', guardrails: { g: { below: '{{args.limit}}' } } }), args),
    );
    assert.deepEqual(request, {
      method: 'GET',
      url: 'http://example.com/v1/verdict?m=x&g.below=0.5%',
      headers: {},
    });
  });
});

describe('measurement', () => {
  const both = metricWith({});
  const answer = (measurement: unknown) => JSON.stringify({ measurement });

  // What the controllers v1.9.1 and v1.10.1 were seen to make of these answers.
  for (const [what, body, phase] of [
    ['promote', answer([0.03, 'promote', '']), 'Successful'],
    ['rollback', answer([0.03, 'rollback', '']), 'Failed'],
    ['hold', answer([0.03, 'hold', '']), 'Inconclusive'],
    ['an unknown word', answer([0.03, 'maybe', '']), 'Inconclusive'],
    ['null, behind default', answer(null), 'Inconclusive'],
    ['a short array', answer([0.31]), 'Error'],
    ['a number', answer(0.104), 'Error'],
    ['no such key', '{}', 'Error'],
    ['a bare null', 'null', 'Error'],
    ['no body', '', 'Successful'],
    ['a page', '<html></html>', 'Successful'],
    ['NaN', '{"measurement":[NaN,"rollback",""]}', 'Successful'],
  ] as const) {
    it(`of ${what} is ${phase}`, () => {
      assert.equal(measure(both, 200, body).phase, phase);
    });
  }

  it('of anything but a 2xx is Error', () => {
    for (const status of [199, 302, 404, 500]) {
      assert.equal(measure(both, status, answer([0, 'promote', ''])).phase, 'Error');
    }
  });

  it('carries the selected value', () => {
    assert.deepEqual(measure(both, 200, answer([0.03, 'hold', 'why'])).value, [0.03, 'hold', 'why']);
  });

  it('is Error on null without default', () => {
    const bare = metricWith({}, { successCondition: 'result[1] == "promote"' });
    assert.equal(measure(bare, 200, answer(null)).phase, 'Error');
  });

  for (const [conditions, promote, hold, rollback] of [
    [{}, 'Successful', 'Successful', 'Successful'],
    [{ successCondition: success }, 'Successful', 'Failed', 'Failed'],
    [{ failureCondition: failure }, 'Successful', 'Successful', 'Failed'],
    [{ successCondition: success, failureCondition: failure }, 'Successful', 'Inconclusive', 'Failed'],
    [{ successCondition: success, failureCondition: success }, 'Failed', 'Inconclusive', 'Inconclusive'],
  ] as const) {
    it(`with ${Object.keys(conditions).join(' and ') || 'no condition'}: ${promote}, ${hold}, ${rollback}`, () => {
      const { provider, name } = both;
      const phases = ['promote', 'hold', 'rollback'].map(
        (verdict) => measure({ name, provider, ...conditions }, 200, answer([0, verdict, ''])).phase,
      );
      assert.deepEqual(phases, [promote, hold, rollback]);
    });
  }
});
