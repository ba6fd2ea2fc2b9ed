import assert from 'node:assert/strict';
import { parseRolloutSpec } from '../../../src/progressive/index.js';
import { specOf } from '../../support/progressive/simulated-rollout.js';

function problemOf(raw: unknown): string {
  const parsed = parseRolloutSpec(raw, 'spec');
  if (parsed.ok) throw new Error('expected to be refused');
  return parsed.errors.map(({ path, message }) => `${path}: ${message}`).join('\n');
}

describe('how a canary is to be driven', () => {
  it('has defaults for everything', () => {
    const spec = specOf();
    assert.deepEqual(
      spec.stages.map(({ percent, confidence, proxyIfUndecided }) => [percent, confidence, proxyIfUndecided]),
      [
        [5, 0.8, 'pass'],
        [10, 0.8, 'pass'],
        [25, 0.8, 'pass'],
        [50, 0.95, 'hold'],
        [100, 0.95, 'hold'],
      ],
    );
    assert.ok(spec.stages.every((stage) => stage.stabilisationSeconds === 300));
    assert.ok(spec.stages.every((stage) => stage.minimumAnalysisSeconds === 300));
    assert.deepEqual(
      { ...spec, stages: [] },
      {
        stages: [],
        policy: 'progressive',
        newVersion: 'present',
        evidence: { kind: 'since-start' },
        undecided: 'wait',
        undecidedLimitSeconds: 3600,
        readyLimitSeconds: 1800,
        confirmLimitSeconds: 600,
        commands: [],
      },
    );
  });

  it('lets a stage differ', () => {
    const [first, last] = specOf({
      stages: [
        {
          percent: 10,
          stabilisation: '2m',
          minimumAnalysis: '20m',
          confidence: '90%',
          proxyIfUndecided: 'bounded',
        },
        100,
      ],
    }).stages;
    assert.deepEqual(first, {
      percent: 10,
      stabilisationSeconds: 120,
      minimumAnalysisSeconds: 1200,
      confidence: 0.9,
      proxyIfUndecided: 'bounded',
    });
    assert.equal(last?.stabilisationSeconds, 300);
  });

  it('takes plain-loop as a simple script, unless told otherwise', () => {
    const spec = specOf({ policy: 'plain-loop' });
    assert.deepEqual(spec.evidence, { kind: 'window', windowSeconds: 300 });
    assert.equal(spec.undecided, 'proceed');
    assert.ok(
      spec.stages.every(
        ({ confidence, proxyIfUndecided }) => confidence === null && proxyIfUndecided === null,
      ),
    );
    assert.equal(specOf({ policy: 'plain-loop', undecided: 'wait' }).undecided, 'wait');
    assert.deepEqual(specOf({ window: '10m' }).evidence, { kind: 'window', windowSeconds: 600 });
  });

  it('refuses stages out of order, without a judged one or without 100', () => {
    for (const stages of [[10, 5, 100], [5, 5, 100], [100], [5, 50]]) {
      assert.match(
        problemOf({ stages }),
        /^spec\.stages: expected ascending percentages of which the last is 100/,
      );
    }
    assert.match(
      problemOf({ stages: [0, 100] }),
      /^spec\.stages\[0\]: expected a whole percentage from 1 to 100, got 0/,
    );
    assert.match(problemOf({ stages: [2.5, 100] }), /whole percentage/);
  });

  it('refuses what it does not know, and two commands with one id', () => {
    assert.match(
      problemOf({ undecidedLimits: '5m' }),
      /^spec\.undecidedLimits: unknown field; .*undecidedLimit/,
    );
    const command = { id: 'a', kind: 'pause' };
    assert.match(problemOf({ commands: [command, command] }), /^spec\.commands: expected another id/);
  });
});
