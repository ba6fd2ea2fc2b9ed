import assert from 'node:assert/strict';
import { rolloutGuarantee } from '../../../src/progressive/index.js';
import { answer, SimulatedRollout, specOf } from '../../support/progressive/simulated-rollout.js';

/** A rollout that is being judged at its first stage. */
function atFirstStage(raw: unknown = {}): SimulatedRollout {
  const rollout = new SimulatedRollout(raw);
  rollout.until('analysing');
  return rollout;
}

function causeOf({ phase }: SimulatedRollout): string {
  return 'cause' in phase ? `${phase.kind}: ${phase.cause}` : phase.kind;
}

describe('driving a canary', () => {
  it('goes 5, 10, 25, 50 and is promoted', () => {
    const rollout = new SimulatedRollout();
    rollout.until('promoted');
    assert.deepEqual(rollout.target.changes, [10, 25, 50, null]);
    assert.deepEqual(rollout.alertKinds(), [
      'started',
      'stage-reached',
      'stage-reached',
      'stage-reached',
      'promoting',
      'promoted',
    ]);
    assert.equal(rolloutGuarantee(rollout.state), 'stated');
    assert.equal(rollout.state.percent, 100);
    assert.deepEqual(rollout.tick().actions, []);
  });

  it('gives every stage its stabilisation and its minimum analysis', () => {
    const rollout = new SimulatedRollout();
    rollout.until('promoted');
    const since = rollout.state.weights.map(({ fromMs }) => fromMs);
    for (const [index, fromMs] of since.entries()) {
      const before = since[index - 1];
      if (before !== undefined)
        assert.ok(fromMs - before >= 600_000, `stage ${index} took ${fromMs - before} ms`);
    }
  });

  it('asks with confidence 0.8 and pass below the last judged stage, 0.95 and hold at it', () => {
    const rollout = new SimulatedRollout();
    rollout.until('promoted');
    const asked = new Set(
      rollout.requests.map(
        ({ weights, confidence, proxyIfUndecided, policy }) =>
          `${weights.at(-1)?.percent} ${confidence} ${proxyIfUndecided} ${policy}`,
      ),
    );
    const early = [5, 10, 25].map((percent) => `${percent} 0.8 pass progressive`);
    assert.deepEqual([...asked].filter((one) => !one.startsWith('50')).sort(), early.sort());
    assert.ok(asked.has('50 0.95 hold progressive'));
    assert.ok(rollout.requests.every(({ leftOutSeconds }) => leftOutSeconds === 300));
    assert.equal(new Set(rollout.requests.map(({ fromMs }) => fromMs)).size, 1);
  });

  it('brings a carried model together with the first percent', () => {
    const rollout = new SimulatedRollout({ newVersion: 'carried' });
    Object.assign(rollout.target, { newest: 'v1', configuredPercent: null });
    const [action] = rollout.step().actions;
    assert.deepEqual(action, {
      kind: 'set-weight',
      expected: { uid: 'uid-1', fingerprint: null, canary: null, stable: 'v1', stableFingerprint: null },
      fromPercent: null,
      toPercent: 5,
      bringsModel: true,
    });
    rollout.until('promoted');
    assert.deepEqual(rollout.target.changes, [5, 10, 25, 50, null]);
  });

  it('lowers a share above the first stage', () => {
    const rollout = new SimulatedRollout();
    rollout.target.configuredPercent = 40;
    rollout.until('analysing');
    assert.deepEqual(rollout.target.changes, [5]);
  });

  it('does not arm a stable service', () => {
    const rollout = new SimulatedRollout();
    Object.assign(rollout.target, { newest: 'v1', configuredPercent: null });
    rollout.step();
    assert.equal(causeOf(rollout), 'failed: nothing-to-roll-out');
    assert.deepEqual(rollout.target.changes, []);
  });

  it('waits for an awaited model, and refuses one that went to 100 % at once', () => {
    const rollout = new SimulatedRollout({ newVersion: 'awaited' });
    Object.assign(rollout.target, { newest: 'v1', configuredPercent: null });
    rollout.step();
    assert.equal(rollout.phase.kind, 'waiting');
    Object.assign(rollout.target, { newest: 'v2', stable: 'v2' });
    rollout.step();
    assert.equal(causeOf(rollout), 'failed: already-at-100');
  });

  it('refuses a new model that is on its way to 100 %', () => {
    const rollout = new SimulatedRollout();
    rollout.target.configuredPercent = null;
    rollout.step();
    assert.equal(causeOf(rollout), 'failed: already-at-100');
  });
});

describe('going back', () => {
  it('goes to zero in the step that gets the verdict, and alerts', () => {
    const rollout = atFirstStage();
    rollout.verdictOf = (request) => answer(request, 'rollback');
    rollout.until('rolled-back');
    assert.deepEqual(rollout.target.changes, [0]);
    assert.deepEqual(rollout.alertKinds(), ['started', 'rolling-back', 'rolled-back']);
  });

  it('goes back while it is stabilising, shifting, promoting or paused', () => {
    for (const kind of ['stabilising', 'shifting', 'promoting', 'paused'] as const) {
      const rollout = atFirstStage();
      if (kind === 'paused') rollout.command('pause');
      if (kind === 'stabilising') rollout.until('shifting');
      if (kind === 'promoting' || kind === 'shifting') rollout.target.follows = kind === 'shifting';
      if (kind === 'promoting') {
        rollout.target.follows = true;
        while (rollout.state.percent < 50) rollout.tick();
      }
      rollout.until(kind);
      const request = rollout.requests.at(-1);
      assert.ok(request !== undefined);
      rollout.verdict = answer(request, 'rollback');
      const { actions } = rollout.step();
      assert.deepEqual(actions.filter((action) => action.kind === 'roll-back').length, 1, kind);
      assert.equal(rollout.phase.kind, 'rolling-back', kind);
    }
  });

  it('asks for zero until it is done, while the target is away', () => {
    const rollout = atFirstStage();
    rollout.until('analysing');
    while (rollout.requests.length === 0) rollout.tick();
    const request = rollout.requests.at(-1);
    assert.ok(request !== undefined);
    rollout.target.isAvailable = false;
    rollout.verdict = answer(request, 'rollback');
    for (let count = 0; count < 6; count += 1) {
      assert.equal(rollout.tick().actions[0]?.kind, 'roll-back');
    }
    rollout.target.isAvailable = true;
    rollout.until('rolled-back');
    assert.deepEqual(rollout.target.changes, [0]);
  });

  it('tells a refused rollback once and tries again', () => {
    const rollout = atFirstStage();
    rollout.target.refuses = true;
    rollout.verdictOf = (request) => answer(request, 'rollback');
    rollout.until('rolling-back');
    for (let count = 0; count < 5; count += 1) rollout.tick();
    assert.equal(rollout.alertKinds().filter((kind) => kind === 'rollback-refused').length, 1);
    rollout.target.refuses = false;
    rollout.until('rolled-back');
  });

  it('tells when somebody gives a canary its traffic back', () => {
    const rollout = atFirstStage();
    rollout.verdictOf = (request) => answer(request, 'rollback');
    rollout.until('rolled-back');
    rollout.target.configuredPercent = 10;
    for (let count = 0; count < 3; count += 1) rollout.tick();
    assert.equal(rollout.alertKinds().filter((kind) => kind === 'weight-after-rollback').length, 1);
    assert.deepEqual(rollout.target.changes, [0]);
  });

  it('goes back when the canary fails to become ready, or is not ready for too long', () => {
    for (const readiness of ['failed', 'not-ready'] as const) {
      const rollout = new SimulatedRollout();
      rollout.target.readiness = readiness;
      rollout.until('rolled-back');
      assert.equal(causeOf(rollout), 'rolled-back: not-ready');
      assert.deepEqual(rollout.target.changes, [0]);
      assert.deepEqual(rollout.requests, []);
    }
  });

  it('goes back when a canary that served is not ready any more', () => {
    const rollout = atFirstStage();
    rollout.target.readiness = 'not-ready';
    rollout.verdictOf = (request) => answer(request, 'promote');
    rollout.until('rolled-back');
    assert.deepEqual(rollout.target.changes, [0]);
  });
});

describe('undecided', () => {
  it('waits up to the limit, then pauses with an alert, and waits again when resumed', () => {
    const rollout = atFirstStage({ undecidedLimit: '30m' });
    rollout.verdictOf = (request) => answer(request, 'hold');
    const beganMs = rollout.nowMs;
    rollout.until('paused');
    assert.equal(causeOf(rollout), 'paused: undecided');
    assert.ok(rollout.nowMs - beganMs >= 1_790_000 && rollout.nowMs - beganMs <= 1_810_000);
    assert.equal(rollout.alertKinds().filter((kind) => kind === 'paused').length, 1);
    for (let count = 0; count < 20; count += 1) rollout.tick(60);
    assert.equal(rollout.phase.kind, 'paused');
    assert.equal(rollout.alertKinds().filter((kind) => kind === 'paused').length, 1);
    rollout.command('resume');
    rollout.tick();
    assert.equal(rollout.phase.kind, 'analysing');
    rollout.verdictOf = (request) => answer(request, 'promote');
    rollout.until('promoted');
    assert.equal(rolloutGuarantee(rollout.state), 'stated');
  });

  it('pauses when there is no verdict at all', () => {
    const rollout = atFirstStage();
    rollout.verdictOf = () => null;
    rollout.until('paused');
    assert.equal(causeOf(rollout), 'paused: undecided');
  });

  it('proceeds by choice, without a guarantee, but never blindly', () => {
    const rollout = new SimulatedRollout({ undecided: 'proceed' });
    rollout.verdictOf = (request) => answer(request, 'hold');
    rollout.until('promoted');
    assert.equal(rolloutGuarantee(rollout.state), 'none');
    const blind = new SimulatedRollout({ undecided: 'proceed' });
    blind.verdictOf = (request) => answer(request, 'hold', { isBlind: true });
    blind.until('paused');
    assert.deepEqual(blind.target.changes, []);
  });

  it('drives as a simple script would with plain-loop: a window, asked at the end of a stage, without a guarantee', () => {
    const rollout = new SimulatedRollout({ policy: 'plain-loop' });
    rollout.verdictOf = (request) => answer(request, 'hold', { guarantee: 'none' });
    rollout.until('promoted');
    assert.equal(rolloutGuarantee(rollout.state), 'none');
    assert.ok(rollout.requests.every(({ fromMs, toMs }) => toMs - fromMs <= 300_000));
    assert.ok(rollout.requests.every(({ leftOutSeconds }) => leftOutSeconds === null));
    const begin = rollout.state.startedAtMs ?? 0;
    assert.ok(rollout.requests.every(({ toMs }) => toMs - begin > 230_000));
  });

  it('says none of a policy in threshold mode', () => {
    const rollout = new SimulatedRollout();
    rollout.verdictOf = (request) => answer(request, 'promote', { guarantee: 'none' });
    rollout.until('promoted');
    assert.deepEqual(rollout.state.guaranteeLosses, ['threshold-mode']);
  });
});

describe('what a person asks for', () => {
  it('pauses, resumes and promotes to the next stage or to the end', () => {
    const rollout = atFirstStage();
    rollout.command('pause');
    rollout.tick();
    assert.equal(causeOf(rollout), 'paused: person');
    for (let count = 0; count < 100; count += 1) rollout.tick(60);
    assert.deepEqual(rollout.target.changes, []);
    rollout.command('promote');
    rollout.until('analysing');
    assert.deepEqual(rollout.target.changes, [10]);
    rollout.command('promote', true);
    rollout.until('promoted');
    assert.deepEqual(rollout.target.changes, [10, null]);
    assert.deepEqual(rollout.state.guaranteeLosses, ['person']);
  });

  it('lets an abort win over every other command', () => {
    const rollout = atFirstStage();
    rollout.command('promote', true);
    rollout.command('abort');
    rollout.command('resume');
    const { actions } = rollout.step();
    assert.equal(actions[0]?.kind, 'roll-back');
    rollout.until('rolled-back');
    assert.deepEqual(rollout.target.changes, [0]);
  });

  it('ends untouched when it is aborted before it began', () => {
    const rollout = new SimulatedRollout({ newVersion: 'awaited' });
    Object.assign(rollout.target, { newest: 'v1', configuredPercent: null });
    rollout.step();
    rollout.command('abort');
    rollout.step();
    assert.equal(causeOf(rollout), 'failed: aborted');
    assert.deepEqual(rollout.target.changes, []);
  });

  it('zeroes a carried model whose first change arrived although its answer was lost', () => {
    const rollout = new SimulatedRollout({ newVersion: 'carried' });
    Object.assign(rollout.target, { newest: 'v1', configuredPercent: null });
    rollout.step({ loses: true });
    rollout.command('abort');
    rollout.step();
    rollout.target.applyModel('v2');
    rollout.target.configuredPercent = 5;
    rollout.until('rolled-back');
    assert.deepEqual(rollout.target.changes, [0]);
  });

  it('brings no carried model on top of a canary that is there already, be it at 0', () => {
    for (const percent of [0, 5]) {
      const rollout = new SimulatedRollout({ newVersion: 'carried' });
      rollout.target.configuredPercent = percent;
      rollout.tick();
      const { phase } = rollout;
      assert.ok(phase.kind === 'failed');
      assert.equal(phase.cause, 'canary-already-there');
      assert.deepEqual(rollout.target.changes, []);
    }
  });

  it('leaves a model alone that somebody else brought instead of the carried one', () => {
    const rollout = new SimulatedRollout({ newVersion: 'carried' });
    Object.assign(rollout.target, { newest: 'v1', configuredPercent: null });
    rollout.step({ loses: true });
    rollout.target.applyModel('v9');
    rollout.target.isCarriedModel = false;
    rollout.target.follows = false;
    rollout.until('paused');
    assert.match(JSON.stringify(rollout.phase), /v9 is not it/);
    rollout.command('abort');
    rollout.until('failed');
    assert.deepEqual(rollout.target.changes, []);
  });

  it('obeys each command once', () => {
    const rollout = atFirstStage();
    rollout.command('promote');
    for (let count = 0; count < 5; count += 1) rollout.tick(1);
    assert.deepEqual(rollout.target.changes, [10]);
  });
});

describe('what others do', () => {
  it('pauses when somebody sets another weight, and sets it back when resumed', () => {
    const rollout = atFirstStage();
    rollout.target.configuredPercent = 30;
    rollout.tick();
    assert.equal(causeOf(rollout), 'paused: foreign-change');
    assert.match(JSON.stringify(rollout.phase), /30 %, expected was 5 %/);
    rollout.tick();
    rollout.tick();
    assert.deepEqual(rollout.alertKinds(), ['started', 'paused']);
    assert.deepEqual(rollout.target.changes, []);
    rollout.command('resume');
    rollout.tick();
    assert.deepEqual(rollout.target.changes, [5]);
    rollout.until('promoted');
    assert.deepEqual(rollout.target.changes, [5, 10, 25, 50, null]);
  });

  it('pauses for a newer model and begins anew with it when resumed', () => {
    const rollout = atFirstStage();
    while (rollout.state.percent < 25) rollout.tick();
    rollout.target.applyModel('v3');
    rollout.tick();
    assert.equal(causeOf(rollout), 'paused: newer-model');
    rollout.command('resume');
    rollout.until('promoted');
    assert.deepEqual(rollout.target.changes, [10, 25, 5, 10, 25, 50, null]);
    assert.equal(rollout.state.attempt, 2);
    assert.equal(rollout.state.canary, 'v3');
  });

  it('does not punish a newer model for the one before, nor for an abort', () => {
    const rollout = atFirstStage();
    rollout.verdictOf = (request) => answer(request, 'rollback');
    while (rollout.verdict === null) rollout.tick();
    rollout.target.applyModel('v3');
    rollout.tick();
    assert.equal(causeOf(rollout), 'paused: newer-model');
    rollout.command('abort');
    rollout.tick();
    rollout.tick();
    assert.equal(causeOf(rollout), 'failed: superseded');
    assert.deepEqual(rollout.target.changes, []);
  });

  it('pauses when the stable version changes under it and judges no more', () => {
    const rollout = atFirstStage();
    rollout.target.stable = 'v0';
    const asked = rollout.requests.length;
    for (let count = 0; count < 30; count += 1) rollout.tick();
    assert.equal(causeOf(rollout), 'paused: baseline-changed');
    assert.equal(rollout.requests.length, asked);
  });

  it('pauses when the canary was promoted by somebody else, and ends when resumed', () => {
    const rollout = atFirstStage();
    rollout.target.stable = 'v2';
    rollout.tick();
    assert.equal(causeOf(rollout), 'paused: foreign-change');
    rollout.command('resume');
    rollout.tick();
    assert.equal(causeOf(rollout), 'failed: superseded');
    assert.deepEqual(rollout.target.changes, []);
  });

  it('ends when the resource is deleted, or made anew', () => {
    const deleted = atFirstStage();
    deleted.target.isGone = true;
    deleted.tick();
    assert.equal(causeOf(deleted), 'failed: gone');
    const anew = atFirstStage();
    anew.target.uid = 'uid-2';
    anew.tick();
    assert.equal(causeOf(anew), 'failed: gone');
  });

  it('changes nothing while the target cannot be read', () => {
    const rollout = atFirstStage();
    const before = rollout.phase;
    rollout.target.isAvailable = false;
    for (let count = 0; count < 6; count += 1) rollout.tick();
    assert.deepEqual(rollout.phase, before);
    rollout.target.isAvailable = true;
    rollout.until('promoted');
  });

  it('pauses when a change is refused and tries it again when resumed', () => {
    const rollout = atFirstStage();
    rollout.target.refuses = true;
    rollout.until('paused');
    assert.equal(causeOf(rollout), 'paused: refused');
    rollout.target.refuses = false;
    rollout.command('resume');
    rollout.until('promoted');
  });

  it('pauses when the traffic does not follow', () => {
    const rollout = atFirstStage();
    rollout.target.follows = false;
    rollout.until('paused');
    assert.equal(causeOf(rollout), 'paused: not-confirmed');
    rollout.target.follows = true;
    rollout.command('resume');
    rollout.until('promoted');
  });

  it('takes no verdict that was asked under other demands', () => {
    const rollout = atFirstStage();
    rollout.verdictOf = (request) => answer(request, 'hold');
    for (let count = 0; count < 60; count += 1) rollout.tick();
    const request = rollout.requests.at(-1);
    assert.ok(request !== undefined);
    rollout.spec = specOf({ stages: [{ percent: 5, confidence: 0.99 }, 10, 100] });
    rollout.verdict = answer(request, 'promote');
    rollout.step();
    assert.equal(rollout.phase.kind, 'analysing');
    rollout.verdictOf = (newer) => answer(newer, 'promote');
    rollout.until('shifting', 120);
  });

  it('goes on with stages that were edited meanwhile', () => {
    const rollout = atFirstStage();
    while (rollout.state.percent < 10) rollout.tick();
    rollout.spec = { ...rollout.spec, stages: new SimulatedRollout({ stages: [5, 30, 100] }).spec.stages };
    rollout.until('promoted');
    assert.deepEqual(rollout.target.changes, [10, 30, null]);
  });
});

describe('how often it has to be asked', () => {
  it('is done with the waits it names, without asking in a circle', () => {
    const rollout = new SimulatedRollout();
    let steps = 0;
    for (; rollout.phase.kind !== 'promoted'; steps += 1) {
      assert.ok(steps < 500);
      rollout.target.reconcile();
      const wake = rollout.step().actions.find((action) => action.kind === 'wait-until');
      if (wake !== undefined && rollout.verdict === null) rollout.nowMs = wake.atMs;
    }
    assert.ok(steps < 150, `${steps} steps`);
  });

  it('is later, whatever it waits for', () => {
    for (const kind of [
      'waiting',
      'shifting',
      'stabilising',
      'analysing',
      'paused',
      'rolling-back',
    ] as const) {
      const rollout = new SimulatedRollout({ newVersion: kind === 'waiting' ? 'awaited' : 'present' });
      if (kind === 'waiting') Object.assign(rollout.target, { newest: 'v1', configuredPercent: null });
      if (kind === 'paused') rollout.command('pause');
      if (kind === 'rolling-back') rollout.target.readiness = 'failed';
      rollout.target.follows = kind !== 'rolling-back';
      rollout.until(kind);
      rollout.target.isAvailable = false;
      rollout.command('resume');
      rollout.nowMs += kind === 'stabilising' || kind === 'analysing' ? 0 : 10_000_000;
      const step = rollout.step();
      const wake = step.actions.find((action) => action.kind === 'wait-until');
      assert.ok(wake !== undefined && wake.atMs > rollout.nowMs, `${kind}: ${step.state.phase.kind}`);
    }
  });
});
