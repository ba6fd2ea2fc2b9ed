import assert from 'node:assert/strict';
import { defaultPolicy, holdDocument, judge, type HoldCause } from '../../src/judge/index.js';
import { policyWith } from '../support/judging.js';
import { rollout, times } from '../support/rollouts.js';

const cause: HoldCause = {
  model: 'fraud-detector',
  canary: 'v2',
  policy: 'defualt',
  code: 'unknown-policy',
  text: 'There is no policy "defualt"; did you mean "default"?',
};

describe('hold document', () => {
  it('holds with one reason, in the shape of every other document', () => {
    const document = holdDocument(cause);
    assert.equal(document.verdict, 'hold');
    assert.equal(document.code, 0);
    assert.deepEqual(document.reasons, [{ code: cause.code, guardrail: null, text: cause.text }]);
    assert.deepEqual(document.measurement, [null, 'hold', `unknown-policy: ${cause.text}`]);
    const judged = Object.keys(judge(defaultPolicy(), rollout(times(1))));
    assert.deepEqual(Object.keys(document), judged);
  });

  it('knows of the policy what there is to know', () => {
    const known = holdDocument({ ...cause, policy: defaultPolicy(), code: 'unknown-version' });
    const { policyHash, guarantee } = judge(defaultPolicy(), rollout(times(1)));
    assert.equal(known.policy, 'default');
    assert.equal(known.policyHash, policyHash);
    assert.deepEqual(known.guarantee, guarantee);
    const threshold = holdDocument({ ...cause, policy: policyWith({ mode: 'threshold' }) });
    assert.equal(threshold.mode, 'threshold');
    assert.equal(threshold.guarantee, 'none');
    assert.equal(holdDocument(cause).guarantee, 'none');
  });

  it('keeps what the caller said', () => {
    const document = holdDocument({
      ...cause,
      stable: 'v1',
      guardrail: 'eror-rate',
      asOfMs: Date.UTC(2026, 0, 5, 10),
    });
    assert.equal(document.stable, 'v1');
    assert.equal(document.guardrail, 'eror-rate');
    assert.equal(document.asOf, '2026-01-05T10:00:00Z');
    assert.equal(document.reasons[0]?.guardrail, 'eror-rate');
  });

  it('is the same for the same cause, and keeps its sentence short', () => {
    assert.deepEqual(holdDocument(cause), holdDocument({ ...cause }));
    assert.notEqual(holdDocument(cause).id, holdDocument({ ...cause, canary: 'v3' }).id);
    const long = holdDocument({ ...cause, text: `It is ${'very '.repeat(100)}long.` });
    assert.equal(long.measurement[2].length, 199);
    assert.ok(long.measurement[2].endsWith('…'));
    assert.ok((long.reasons[0]?.text.length ?? 0) > 500);
  });
});
