import assert from 'node:assert/strict';
import type { StageAnswer } from '../../../src/progressive/index.js';
import { answer } from '../../support/progressive/simulated-rollout.js';
import { DrivenRollout } from '../../support/progressive/driven-rollout.js';

describe('RolloutDriver', () => {
  it('drives a healthy canary to promotion, each change saved before it is made', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('promoted');
    assert.deepEqual(rollout.target.changes, [50, null]);
    const at = rollout.log.indexOf('set-weight');
    assert.equal(rollout.log[at - 1], 'save shifting');
    assert.equal(rollout.log[rollout.log.indexOf('promote') - 1], 'save promoting');
    assert.deepEqual(
      [...rollout.alerts.values()].map(({ kind }) => kind),
      ['started', 'stage-reached', 'promoting', 'promoted'],
    );
    assert.equal((await rollout.round()).kind, 'ended');
  });

  it('goes to zero in one change on a rollback verdict', async () => {
    const rollout = new DrivenRollout();
    rollout.answerOf = (request) => ({ kind: 'verdict', verdict: answer(request, 'rollback') });
    await rollout.until('rolled-back');
    assert.deepEqual(rollout.target.changes, [0]);
    assert.deepEqual(
      rollout.log.filter((entry) => !entry.startsWith('save')),
      ['roll-back'],
    );
  });

  it('goes on from what was saved, also where it was killed right after saving', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('analysing');
    rollout.result = () => ({ kind: 'unavailable', reason: 'killed' });
    await rollout.until('shifting');
    assert.deepEqual(rollout.target.changes, []);
    rollout.result = (action) => rollout.target.apply(action);
    rollout.restart();
    await rollout.until('promoted');
    assert.deepEqual(rollout.target.changes, [50, null]);
  });

  it('changes nothing where somebody else has written', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('analysing');
    rollout.saves = () => ({ kind: 'conflict' });
    let round = await rollout.tick();
    for (let tick = 0; round.kind !== 'stale' && tick < 20; tick++) round = await rollout.tick();
    assert.equal(round.kind, 'stale');
    assert.deepEqual(rollout.target.changes, []);
  });

  it('makes no step that it could not save, and goes to zero all the same', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('analysing');
    rollout.saves = () => ({ kind: 'unavailable', reason: 'no answer' });
    for (let tick = 0; tick < 40; tick++) await rollout.tick();
    assert.deepEqual(rollout.target.changes, []);
    assert.equal((await rollout.tick()).kind, 'unavailable');

    const bad = new DrivenRollout();
    await bad.until('analysing');
    bad.saves = () => ({ kind: 'unavailable', reason: 'no answer' });
    bad.answerOf = (request) => ({ kind: 'verdict', verdict: answer(request, 'rollback') });
    for (let tick = 0; tick < 20; tick++) await bad.tick();
    assert.equal(bad.target.changes[0], 0);
  });

  it('changes nothing once it was told to end', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('analysing');
    const over = new AbortController();
    over.abort();
    for (let tick = 0; tick < 40; tick++) {
      rollout.nowMs += 60_000;
      rollout.target.reconcile();
      assert.equal((await rollout.round(over.signal)).kind, 'stale');
    }
    assert.deepEqual(rollout.target.changes, []);
  });

  it('asks once for each look, and again soon after nobody answered', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('analysing');
    rollout.answerOf = () => ({ kind: 'unavailable', reason: 'no answer' });
    await rollout.tick(60);
    const before = rollout.asked.length;
    await rollout.tick(1);
    assert.equal(rollout.asked.length, before);
    await rollout.tick(15);
    assert.equal(rollout.asked.length, before + 1);
    rollout.answerOf = (request) => ({ kind: 'verdict', verdict: answer(request, 'hold') });
    await rollout.tick(60);
    const answered = rollout.asked.length;
    for (const seconds of [1, 1, 1]) await rollout.tick(seconds);
    assert.equal(rollout.asked.length, answered);
  });

  it('lets no canary on by looks that the source did not have yet', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('analysing');
    const { phase } = rollout.driver.state;
    const sinceMs = phase.kind === 'analysing' ? phase.sinceMs : 0;
    rollout.answerOf = (request) => ({
      kind: 'verdict',
      verdict: answer(request, 'promote', { toMs: sinceMs }),
    });
    for (let tick = 0; tick < 60; tick++) await rollout.tick(60);
    assert.deepEqual(rollout.target.changes, []);
  });

  it('stays where it is, and says so, where asking fails by a mistake', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('analysing');
    rollout.answerOf = () => Promise.reject(new Error('a mistake'));
    for (let tick = 0; tick < 20; tick++) await rollout.tick();
    assert.equal(rollout.driver.state.unanswered, 'internal error');
    assert.deepEqual(rollout.target.changes, []);
    rollout.answerOf = (request) => ({ kind: 'verdict', verdict: answer(request, 'promote') });
    await rollout.until('promoted');
  });

  it('lets nobody on by a verdict on another model, where the spec names another one now', async () => {
    for (const model of ['m', 'other']) {
      const rollout = new DrivenRollout();
      await rollout.until('analysing');
      rollout.target.readiness = 'not-ready';
      rollout.target.follows = false;
      for (let tick = 0; tick < 16; tick++) await rollout.tick();
      assert.equal(rollout.driver.state.lastVerdict?.verdict, 'promote');
      rollout.answerOf = () => ({ kind: 'unavailable', reason: 'away' });
      rollout.model = model;
      rollout.restart();
      rollout.target.readiness = 'ready';
      await rollout.tick();
      assert.deepEqual(rollout.target.changes, model === 'm' ? [50] : []);
    }
  });

  it('obeys a rollback verdict that no round has read yet, though the next question is not answered', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('analysing');
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    let release: (answered: StageAnswer) => void = () => undefined;
    rollout.answerOf = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    await rollout.tick(60);
    const request = rollout.asked.at(-1);
    assert.ok(request !== undefined);
    // The verdict comes while a round saves, and that round asks once more.
    rollout.answerOf = () => ({ kind: 'unavailable', reason: 'refused connection' });
    rollout.saves = async () => {
      release({ kind: 'verdict', verdict: answer(request, 'rollback') });
      await settled();
      return { kind: 'saved' };
    };
    rollout.spec = { ...rollout.spec, commands: [{ id: '1', kind: 'pause', full: false, by: 'ada' }] };
    const before = rollout.asked.length;
    await rollout.round();
    await settled();
    assert.equal(rollout.asked.length, before + 1);
    rollout.saves = () => ({ kind: 'saved' });
    await rollout.until('rolled-back', 10);
    assert.deepEqual(rollout.target.changes, [0]);
  });

  it('a slow judge delays no command', async () => {
    const rollout = new DrivenRollout();
    rollout.answerOf = () => new Promise(() => undefined);
    await rollout.until('analysing');
    rollout.spec = {
      ...rollout.spec,
      commands: [{ id: '1', kind: 'abort', full: false, by: 'ada' }],
    };
    await rollout.until('rolled-back');
    assert.deepEqual(rollout.target.changes, [0]);
  });

  it('asks under the names that the judge knows, and takes no answer about others', async () => {
    const rollout = new DrivenRollout({ canary: '2.0', stable: '1.9' });
    await rollout.until('promoted');
    assert.deepEqual([rollout.asked[0]?.canary, rollout.asked[0]?.stable], ['2.0', '1.9']);

    const other = new DrivenRollout({ canary: '2.0', stable: '1.9' });
    other.answerOf = (request) => ({
      kind: 'verdict',
      verdict: answer({ ...request, canary: 'v2' }, 'promote'),
    });
    for (let tick = 0; tick < 100; tick++) await other.tick();
    assert.deepEqual(other.target.changes, []);

    const same = new DrivenRollout({ canary: '2.0', stable: '2.0' });
    for (let tick = 0; tick < 100; tick++) await same.tick();
    assert.equal(same.asked.length, 0);
    assert.deepEqual(same.target.changes, []);
  });

  it('asks a server that refuses the rollback again later, and not at once', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('analysing');
    rollout.target.refuses = true;
    rollout.answerOf = (request) => ({ kind: 'verdict', verdict: answer(request, 'rollback') });
    await rollout.until('rolling-back');
    assert.deepEqual(await rollout.tick(), {
      kind: 'unavailable',
      reason: 'the rollback was refused: forbidden',
    });
    await rollout.tick();
    const refusals = [...rollout.alerts.values()].filter(({ kind }) => kind === 'rollback-refused');
    assert.equal(refusals.length, 1);
    rollout.target.refuses = false;
    await rollout.until('rolled-back');
  });

  it('tells an alert until it is acknowledged', async () => {
    const rollout = new DrivenRollout();
    rollout.acknowledges = false;
    await rollout.until('analysing');
    assert.deepEqual(
      rollout.state.outbox.map(({ kind }) => kind),
      ['started'],
    );
    rollout.alerts.clear();
    rollout.restart();
    await rollout.tick();
    const [key] = [...rollout.alerts.keys()];
    assert.ok(key !== undefined);
    rollout.driver.acknowledge([key]);
    await rollout.tick();
    assert.deepEqual(rollout.state.outbox, []);
  });

  it('says so where the cluster does not answer, and pauses where it refuses', async () => {
    const rollout = new DrivenRollout();
    await rollout.until('analysing');
    rollout.target.isAvailable = false;
    assert.deepEqual(await rollout.tick(), { kind: 'unavailable', reason: 'connection refused' });
    rollout.target.isAvailable = true;
    rollout.target.refuses = true;
    await rollout.until('paused');
    assert.match(JSON.stringify(rollout.driver.state.phase), /refused \(set-weight\): forbidden/);
  });
});
