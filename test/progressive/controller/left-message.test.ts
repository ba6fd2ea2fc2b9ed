import assert from 'node:assert/strict';
import { leftMessage, leftMessageOf } from '../../../src/progressive/controller/left-message.js';
import { initialState, type RolloutState } from '../../../src/progressive/index.js';
import { parseModelRollout } from '../../../src/progressive/resource/index.js';

const metadata = { name: 'fraud', namespace: 'ml', uid: 'u-1', resourceVersion: '1' };
const object = {
  apiVersion: 'ml-verdict.io/v1alpha1',
  kind: 'ModelRollout',
  metadata,
  spec: { target: { kserve: { name: 'fraud-detector' } } },
};
const left = { key: '1/deleted', why: 'The ModelRollout was deleted:', atMs: 0 };

function textOf(change: Partial<RolloutState>): string {
  const parsed = parseModelRollout(object);
  assert.ok(parsed.ok);
  const state = { ...initialState(0), canary: 'v2', stable: 'v1', ...change };
  return leftMessage({ rollout: parsed.value, state }, left, undefined).alert.text;
}

describe('what people are told of a rollout that is left', () => {
  it('names the share that was seen', () => {
    assert.equal(
      textOf({ percent: 25, phase: { kind: 'stabilising', sinceMs: 0 } }),
      'The ModelRollout was deleted: kserve fraud-detector was left as it is, v2 with 25 % of the traffic.',
    );
  });

  it('names the share that was sent and not yet seen', () => {
    assert.match(
      textOf({ phase: { kind: 'shifting', fromPercent: 0, toPercent: 10, sinceMs: 0 } }),
      /v2 with 0 % of the traffic, on its way to 10 %\.$/,
    );
  });

  it('knows both of a status alone too', () => {
    const told = (status: object) =>
      leftMessageOf({ ...object, status }, undefined, left)?.alert.text.replace(/^.* v2 with /, '');
    const moving = { phase: 'promoting', canary: 'v2', percent: 50, targetPercent: 100 };
    assert.equal(told(moving), '50 % of the traffic, on its way to 100 %.');
    const going = { phase: 'rolling-back', canary: 'v2', percent: 50, targetPercent: 0 };
    assert.equal(told(going), '0 % of the traffic asked for and not yet seen, 50 % before.');
    assert.equal(told({ phase: 'analysing', canary: 'v2', percent: 50 }), '50 % of the traffic.');
    assert.equal(told({ phase: 'promoted', canary: 'v2', percent: 100 }), undefined);
  });
});
