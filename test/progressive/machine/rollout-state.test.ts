import assert from 'node:assert/strict';
import { acknowledge, initialState, parseRolloutState } from '../../../src/progressive/index.js';
import { notify } from '../../../src/progressive/machine/notify.js';
import { SimulatedRollout } from '../../support/progressive/simulated-rollout.js';

describe('the state of a rollout', () => {
  it('is not read when another version wrote it, or when it is damaged', () => {
    const state = initialState(0);
    assert.deepEqual(parseRolloutState(state), { ok: true, value: state });
    assert.equal(parseRolloutState({ ...state, schema: 'ml-verdict/rollout-state/v2' }).ok, false);
    assert.equal(parseRolloutState({ ...state, phase: { kind: 'analysing' } }).ok, false);
    assert.equal(parseRolloutState(null).ok, false);
  });

  it('stays small, however much happens', () => {
    const rollout = new SimulatedRollout();
    rollout.until('analysing');
    for (let count = 0; count < 150; count += 1) {
      rollout.target.configuredPercent = 5 + (count % 90);
      rollout.tick(10, { forgetsAlerts: true });
    }
    const { outbox, history, weights } = rollout.state;
    assert.deepEqual([outbox.length, history.length, weights.length], [20, 30, 100]);
    assert.ok(JSON.stringify(rollout.state).length < 25_000);
  });

  it('loses the least urgent alert first when nobody takes them', () => {
    let state = notify(initialState(0), 'rolling-back', 'bad', 0);
    for (let count = 0; count < 40; count += 1) state = notify(state, 'stage-reached', `${count}`, count);
    assert.equal(state.outbox.length, 20);
    assert.equal(state.outbox[0]?.kind, 'rolling-back');
    assert.equal(state.outbox.at(-1)?.text, '39');
    const [first] = state.outbox;
    assert.equal(acknowledge(state, [first.key, 'unknown']).outbox.length, 19);
  });

  it('cuts a long reason', () => {
    const [alert] = notify(initialState(0), 'failed', 'x'.repeat(2000), 0).outbox;
    assert.equal(alert?.text.length, 500);
  });
});
