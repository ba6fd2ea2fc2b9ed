import assert from 'node:assert/strict';
import { unseenLimitMs } from '../../../src/progressive/machine/notice-unseen.js';
import { messageOf } from '../../../src/progressive/resource/message-of.js';
import { answer, SimulatedRollout } from '../../support/progressive/simulated-rollout.js';

function ticks(rollout: SimulatedRollout, seconds: number): void {
  for (let passed = 0; passed < seconds; passed += 10) rollout.tick();
}

describe('a target that cannot be read', () => {
  it('is in the message at once, and told once after a while', () => {
    const rollout = new SimulatedRollout();
    rollout.target.isAvailable = false;
    rollout.tick();
    assert.match(
      messageOf(rollout.state),
      /^Looking for the new version; .* cannot be read since .*: connection refused$/,
    );
    ticks(rollout, unseenLimitMs / 1000 - 20);
    assert.deepEqual(rollout.alertKinds(), []);
    ticks(rollout, 3_600);
    assert.deepEqual(rollout.alertKinds(), ['target-unseen']);
    const [alert] = rollout.alerts.values();
    assert.match(alert?.text ?? '', /could not be read for 5 min, .*: connection refused/);
  });

  it('is told to be readable again, where it was told that it is not', () => {
    const rollout = new SimulatedRollout();
    rollout.verdictOf = (request) => answer(request, 'hold');
    rollout.until('analysing');
    rollout.target.isAvailable = false;
    ticks(rollout, 60);
    rollout.target.isAvailable = true;
    ticks(rollout, 60);
    assert.deepEqual(rollout.alertKinds(), ['started']);
    rollout.target.isAvailable = false;
    ticks(rollout, 600);
    rollout.target.isAvailable = true;
    ticks(rollout, 60);
    assert.deepEqual(rollout.alertKinds(), ['started', 'target-unseen', 'target-seen']);
    assert.equal(rollout.state.unseen, null);
    assert.doesNotMatch(messageOf(rollout.state), /cannot be read/);
  });

  it('is told in a pause too', () => {
    const rollout = new SimulatedRollout();
    rollout.until('analysing');
    rollout.command('pause');
    rollout.tick();
    rollout.target.isAvailable = false;
    ticks(rollout, 600);
    assert.equal(rollout.phase.kind, 'paused');
    assert.equal(rollout.alertKinds().at(-1), 'target-unseen');
  });

  it('is told after as long where the clock is set back meanwhile', () => {
    const rollout = new SimulatedRollout();
    rollout.target.isAvailable = false;
    rollout.tick();
    rollout.nowMs -= 24 * 3_600_000;
    ticks(rollout, 600);
    assert.deepEqual(rollout.alertKinds(), ['target-unseen']);
  });
});

describe('a question that is not answered', () => {
  it('is in the message with its reason, until one is', () => {
    const rollout = new SimulatedRollout();
    rollout.verdictOf = () => null;
    rollout.until('analysing');
    rollout.unanswered = 'the service answered 401';
    rollout.tick();
    assert.match(messageOf(rollout.state), /no verdict yet: the service answered 401\.$/);
    rollout.unanswered = null;
    rollout.verdictOf = (request) => answer(request, 'hold');
    ticks(rollout, 120);
    assert.equal(rollout.state.unanswered, null);
    assert.match(messageOf(rollout.state), /hold: error-rate: hold it$/);
  });

  it('is what an undecided pause tells', () => {
    const rollout = new SimulatedRollout();
    rollout.verdictOf = () => null;
    rollout.until('analysing');
    rollout.unanswered = 'the service answered 401';
    rollout.until('paused');
    const { phase } = rollout;
    assert.ok(phase.kind === 'paused');
    assert.match(
      phase.text,
      /there was no verdict; the last question was not answered: the service answered 401$/,
    );
  });
});
