import assert from 'node:assert/strict';
import {
  defaultPolicy,
  latencyBoundsField,
  plannedTraffic,
  readQualities,
  trafficFields,
  withinField,
} from '../../../src/judge/index.js';
import { parseWith } from '../../../src/domain/parsing.js';
import { z } from 'zod';
import { valueOf } from '../../support/value-of.js';

describe('what a plan is told', () => {
  it('reads qualities in the units of their guardrails', () => {
    const read = valueOf(
      readQualities(defaultPolicy(), {
        healthy: { 'error-rate': '0.3%', 'latency-p99': '0.15s' },
        faulty: { 'prediction-drift': '0.3', 'business-proxy': '-5%' },
      }),
    );
    assert.deepEqual(
      [...read.healthy],
      [
        ['error-rate', 0.003],
        ['latency-p99', 150],
      ],
    );
    assert.deepEqual(
      [...read.faulty],
      [
        ['prediction-drift', 0.3],
        ['business-proxy', -0.05],
      ],
    );
  });

  it('refuses every wrong one with its path', () => {
    const read = readQualities(defaultPolicy(), {
      healthy: { 'error-rat': '1%', 'error-rate': '0.5' },
      faulty: { 'prediction-drift': -1 },
    });
    assert.ok(!read.ok);
    assert.deepEqual(
      read.errors.map(({ path }) => path),
      ['healthy.error-rat', 'healthy.error-rate', 'faulty.prediction-drift'],
    );
    assert.match(read.errors[0]?.message ?? '', /did you mean "error-rate"/);
    assert.match(read.errors[1]?.message ?? '', /write "0\.5%"/);
  });

  it('does not repeat a name of any length', () => {
    const read = readQualities(defaultPolicy(), { healthy: { ['e'.repeat(50_000)]: '1%' } });
    assert.ok(!read.ok && (read.errors[0]?.path.length ?? 0) < 300);
  });

  it('reads the bounds of a histogram from a list or a text', () => {
    const read = (value: unknown) => parseWith(latencyBoundsField(), value);
    assert.deepEqual(valueOf(read('50, 100,2.5e2')), [50, 100, 250]);
    assert.deepEqual(valueOf(read([50, 100])), [50, 100]);
    for (const wrong of ['', '50,', '50,a', '0,50', [100, 50], [50, 50], [], ['50'], [1e400], 50, null]) {
      assert.ok(!read(wrong).ok, JSON.stringify(wrong));
    }
    assert.ok(!read(Array.from({ length: 201 }, (_, i) => i + 1)).ok);
  });

  it('looks for the smallest weight within a minute to a week', () => {
    const read = (value: unknown) => parseWith(withinField(), value);
    assert.deepEqual([valueOf(read('1m')), valueOf(read('7d'))], [60, 604_800]);
    for (const wrong of ['59s', '8d', '1000000000d']) assert.ok(!read(wrong).ok, wrong);
  });

  const schema = z.strictObject(trafficFields);

  it('fills in what is usual of the traffic', () => {
    const given = valueOf(parseWith(schema, { requestsPerSecond: '50', weight: '5' }));
    assert.deepEqual(valueOf(plannedTraffic(given, { latencyBoundsMs: [200] })), {
      requestsPerSecond: 50,
      weight: 0.05,
      latencyBoundsMs: [200],
      outcomesPerRequest: 1,
      outcomeMean: 0.6,
      outcomeDeviation: null,
      decisionRate: 0.1,
      routing: 'random',
    });
  });

  it('takes the mean of an outcome as a share or as a figure with its deviation', () => {
    const traffic = (outcome: object) =>
      plannedTraffic(valueOf(parseWith(schema, { requestsPerSecond: 1, weight: 10, ...outcome })), {
        latencyBoundsMs: [],
      });
    assert.equal(valueOf(traffic({ outcomeMean: '5%' })).outcomeMean, 0.05);
    assert.equal(valueOf(traffic({ outcomeMean: '0.05' })).outcomeMean, 0.05);
    assert.equal(valueOf(traffic({ outcomeMean: 30, outcomeDeviation: 9 })).outcomeDeviation, 9);
    const wrong = traffic({ outcomeMean: 30 });
    assert.ok(!wrong.ok);
    assert.equal(wrong.errors[0]?.path, 'outcomeMean');
  });

  it('refuses traffic that is none', () => {
    for (const [field, value] of [
      ['requestsPerSecond', 0],
      ['requestsPerSecond', 1e9],
      ['requestsPerSecond', 'many'],
      ['weight', 0],
      ['weight', '100%'],
      ['outcomesPerRequest', -1],
      ['outcomeMean', 0],
      ['outcomeMean', 1e300],
      ['outcomeDeviation', 0],
      ['outcomeDeviation', 1e300],
      ['decisionRate', '100%'],
    ] as const) {
      const read = parseWith(schema, { requestsPerSecond: 1, weight: 10, [field]: value });
      assert.ok(!read.ok, field);
      assert.deepEqual(
        read.errors.map(({ path }) => path),
        [field],
      );
    }
  });
});
