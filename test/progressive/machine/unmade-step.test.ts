import assert from 'node:assert/strict';
import { rolloutGuarantee } from '../../../src/progressive/index.js';
import { answer, SimulatedRollout, specOf } from '../../support/progressive/simulated-rollout.js';

/** A rollout whose next change was decided on a promote and is refused: paused, with the traffic as it was. */
function refusedAt(percent: number, raw: unknown = { stages: [10, 50, 100] }): SimulatedRollout {
  const rollout = new SimulatedRollout(raw);
  rollout.untilSo(() => rollout.state.percent === percent);
  rollout.until('analysing');
  rollout.target.refuses = true;
  rollout.until('paused');
  rollout.target.refuses = false;
  return rollout;
}

/** Much later, with other verdicts meanwhile. */
function daysOf(rollout: SimulatedRollout, verdict: 'hold' | 'promote'): void {
  rollout.verdictOf = (request) => answer(request, verdict);
  for (let tick = 0; tick < 200; tick++) rollout.tick(600);
}

describe('a step up that was decided and not made', () => {
  for (const percent of [10, 50]) {
    it(`is not made days later on the old verdict, from ${percent} %`, () => {
      const rollout = refusedAt(percent);
      daysOf(rollout, 'hold');
      const before = rollout.target.changes.length;
      rollout.command('resume');
      for (let tick = 0; tick < 20; tick++) rollout.tick(60);
      assert.equal(rollout.phase.kind, 'analysing');
      assert.equal(rollout.target.changes.length, before);
      assert.equal(rollout.target.configuredPercent, percent);
    });

    it(`is made once a new verdict allows it, from ${percent} %`, () => {
      const rollout = refusedAt(percent);
      daysOf(rollout, 'promote');
      rollout.command('resume');
      rollout.until('promoted');
      assert.equal(rolloutGuarantee(rollout.state), 'stated');
    });
  }

  it('is told to be decided anew, also where a person had ordered it', () => {
    const rollout = new SimulatedRollout({ stages: [10, 50, 100] });
    rollout.verdictOf = (request) => answer(request, 'hold');
    rollout.until('analysing');
    rollout.target.refuses = true;
    rollout.command('promote', true);
    rollout.until('paused');
    rollout.target.refuses = false;
    rollout.command('resume');
    rollout.untilSo(() => rollout.phase.kind === 'analysing', 60);
    const told = [...rollout.alerts.values()].at(-1);
    assert.equal(told?.text, 'Resumed by ada: the step that was not made is decided anew.');
  });

  it('is judged for as long as a stage has to be, once more', () => {
    const rollout = refusedAt(10);
    rollout.command('resume');
    rollout.tick();
    const { phase } = rollout;
    assert.ok(phase.kind === 'analysing');
    const fromMs = rollout.nowMs;
    rollout.until('shifting');
    assert.ok(rollout.nowMs - fromMs >= 300_000);
  });

  it('is not to a share that is no stage any more, after a pause', () => {
    const rollout = refusedAt(10);
    rollout.spec = { ...specOf({ stages: [10, 20, 50, 100] }), commands: rollout.spec.commands };
    rollout.command('resume');
    rollout.until('promoted');
    assert.deepEqual(rollout.target.changes, [10, 20, 50, null]);
  });

  it('is not to a share that is no stage any more, without one', () => {
    const rollout = new SimulatedRollout({ stages: [10, 50, 100] });
    rollout.until('analysing');
    // The change does not arrive, however often it is made.
    rollout.untilSo(
      () => rollout.phase.kind === 'shifting',
      3600,
      () => ({ loses: rollout.verdict !== null }),
    );
    assert.deepEqual(rollout.target.changes, [10]);
    rollout.spec = specOf({ stages: [10, 20, 100] });
    rollout.until('promoted');
    assert.deepEqual(rollout.target.changes, [10, 20, null]);
  });

  it('and that was made and is not yet seen goes on as it is', () => {
    const rollout = new SimulatedRollout({ stages: [10, 50, 100] });
    rollout.until('analysing');
    rollout.untilSo(() => rollout.target.configuredPercent === 50);
    rollout.target.follows = false;
    rollout.command('pause');
    rollout.tick();
    rollout.command('resume');
    rollout.tick();
    assert.equal(rollout.phase.kind, 'shifting');
    rollout.target.follows = true;
    rollout.until('promoted');
    assert.deepEqual(rollout.target.changes, [10, 50, null]);
  });
});
