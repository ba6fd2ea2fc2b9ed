import assert from 'node:assert/strict';
import type { Command } from '../../../src/progressive/index.js';
import { answer, SimulatedRollout } from '../../support/progressive/simulated-rollout.js';

function rolledBack(): SimulatedRollout {
  const rollout = new SimulatedRollout();
  rollout.verdictOf = (request) => answer(request, 'rollback');
  rollout.until('rolled-back');
  return rollout;
}

function ignored(rollout: SimulatedRollout): readonly string[] {
  return [...rollout.alerts.values()]
    .filter(({ kind }) => kind === 'command-ignored')
    .map(({ text }) => text);
}

describe('a command that comes too late', () => {
  const kinds: readonly Command['kind'][] = ['pause', 'resume', 'promote'];

  for (const kind of kinds) {
    it(`is told to change nothing: ${kind} of a canary that was rolled back`, () => {
      const rollout = rolledBack();
      rollout.command(kind);
      rollout.tick();
      assert.deepEqual(ignored(rollout), [
        `"${kind}" by ada changes nothing while the rollout is rolled-back.`,
      ]);
      assert.deepEqual(rollout.state.handledCommands, ['1']);
      rollout.tick();
      assert.equal(ignored(rollout).length, 1);
    });
  }

  it('is obeyed without a word where it is so already: abort', () => {
    const rollout = rolledBack();
    rollout.command('abort');
    rollout.tick();
    assert.deepEqual([ignored(rollout), rollout.state.handledCommands], [[], ['1']]);
  });

  it('does not wait while zero is not yet seen', () => {
    const rollout = new SimulatedRollout();
    rollout.until('analysing');
    rollout.target.follows = false;
    rollout.command('abort');
    rollout.tick();
    rollout.command('promote');
    rollout.command('abort');
    rollout.tick();
    assert.equal(rollout.phase.kind, 'rolling-back');
    assert.deepEqual(rollout.state.handledCommands, ['1', '2', '3']);
    assert.equal(ignored(rollout).length, 1);
  });

  it('is told at a promotion that cannot be taken back', () => {
    const rollout = new SimulatedRollout();
    rollout.until('promoted');
    rollout.command('abort');
    rollout.tick();
    assert.deepEqual(ignored(rollout), ['"abort" by ada changes nothing while the rollout is promoted.']);
  });
});

describe('a command that was obeyed', () => {
  it('is not obeyed again where an old list of commands is put back', () => {
    const rollout = new SimulatedRollout();
    rollout.verdictOf = (request) => answer(request, 'hold');
    rollout.until('analysing');
    rollout.command('promote');
    const before = rollout.spec;
    rollout.untilSo(() => rollout.state.percent === 10);
    rollout.spec = { ...rollout.spec, commands: [] };
    rollout.tick();
    rollout.spec = { ...before, commands: [{ id: 'other', kind: 'pause', full: false, by: 'ada' }] };
    rollout.tick();
    rollout.spec = { ...before, commands: [{ id: 'one', kind: 'resume', full: false, by: 'ada' }] };
    rollout.tick();
    rollout.spec = before;
    for (let tick = 0; tick < 100; tick++) rollout.tick();
    assert.equal(rollout.state.percent, 10);
  });

  it('is forgotten after many others, so that the state does not grow', () => {
    const rollout = new SimulatedRollout();
    rollout.until('analysing');
    for (let count = 0; count < 100; count++) {
      const kind = count % 2 === 0 ? 'pause' : 'resume';
      rollout.spec = { ...rollout.spec, commands: [{ id: `n${count}`, kind, full: false, by: 'ada' }] };
      rollout.tick(1);
    }
    assert.ok(rollout.state.handledCommands.length <= 31);
    assert.equal(rollout.state.handledCommands.at(-1), 'n99');
  });
});
