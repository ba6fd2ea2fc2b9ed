import assert from 'node:assert/strict';
import { reasonCodes, verdictCodes, verdicts } from '../../src/domain/verdict.js';

describe('words of a verdict', () => {
  it('have their numbers', () => {
    assert.deepEqual(verdictCodes, { promote: 1, hold: 0, rollback: -1 });
    assert.deepEqual([...verdicts].sort(), Object.keys(verdictCodes).sort());
  });

  it('have every reason of the contract, each explained', () => {
    assert.deepEqual(Object.keys(reasonCodes).sort(), [
      'bad-argument',
      'between-thresholds',
      'buckets-too-coarse',
      'canary-silent',
      'incident-since-weight-change',
      'minimum-duration',
      'more-evidence-needed',
      'new-stage',
      'no-baseline',
      'no-data',
      'no-variance',
      'not-measured',
      'on-breach-hold',
      'partial-data',
      'promote',
      'rollback',
      'sample-ratio',
      'source-unavailable',
      'stable-breaches-again',
      'stable-breaches-too',
      'stale-data',
      'turning-bad',
      'undecided-pass',
      'unknown-guardrail',
      'unknown-model',
      'unknown-policy',
      'unknown-version',
      'waiting-for-others',
      'warming-up',
    ]);
    for (const meaning of Object.values(reasonCodes)) assert.match(meaning, /^\S.{9,}[^.\s]$/);
  });
});
