import assert from 'node:assert/strict';
import { initialState, next, type Phase } from '../../../src/progressive/index.js';
import { answer, SimulatedRollout, specOf } from '../../support/progressive/simulated-rollout.js';

const minutes = (count: number) => count * 60;

function pausedFor({ phase }: { readonly phase: Phase }): string {
  return phase.kind === 'paused' ? phase.cause : phase.kind;
}

function atFirstStage(raw: unknown = {}): SimulatedRollout {
  const rollout = new SimulatedRollout(raw);
  rollout.verdictOf = (request) => answer(request, 'hold');
  rollout.until('analysing');
  return rollout;
}

describe('an awaited canary', () => {
  function awaiting(): SimulatedRollout {
    const rollout = new SimulatedRollout({ newVersion: 'awaited' });
    Object.assign(rollout.target, { newest: 'v1', configuredPercent: null });
    rollout.tick();
    return rollout;
  }

  it('is not judged beside another stable version than the one that was waited with', () => {
    const rollout = awaiting();
    Object.assign(rollout.target, { newest: 'v2', stable: 'v0', configuredPercent: 5 });
    for (let tick = 0; tick < 100; tick++) rollout.tick();
    assert.equal(pausedFor(rollout), 'baseline-changed');
    assert.deepEqual([rollout.requests.length, rollout.target.changes.length], [0, 0]);
    rollout.command('abort');
    rollout.until('rolled-back');
    assert.deepEqual(rollout.target.changes, [0]);
  });

  it('is not one of a resource that was made anew', () => {
    const rollout = awaiting();
    Object.assign(rollout.target, { uid: 'uid-2', newest: 'v2', configuredPercent: 5 });
    rollout.tick();
    assert.equal(rollout.phase.kind, 'failed');
  });
});

describe('a canary that has to be there', () => {
  it('is waited for while the status follows the spec, and no longer', () => {
    const rollout = new SimulatedRollout();
    Object.assign(rollout.target, { newest: 'v1', configuredPercent: 5 });
    rollout.tick();
    assert.equal(rollout.phase.kind, 'waiting');
    rollout.target.applyModel('v2');
    rollout.until('stabilising');

    const never = new SimulatedRollout();
    Object.assign(never.target, { newest: 'v1', configuredPercent: 5 });
    never.until('failed', 120);
    assert.deepEqual(never.target.changes, []);
  });
});

describe('the stable version under the same name', () => {
  it('pauses when it is changed, and a rollback verdict still goes to zero', () => {
    const rollout = new SimulatedRollout();
    rollout.target.stableFingerprint = 'model of v1';
    rollout.verdictOf = (request) => answer(request, 'hold');
    rollout.until('analysing');
    rollout.target.stableFingerprint = 'another model';
    rollout.tick();
    assert.equal(pausedFor(rollout), 'baseline-changed');
    const before = rollout.requests.at(-1);
    assert.ok(before !== undefined);
    rollout.verdict = answer(before, 'rollback');
    rollout.until('rolled-back');
    assert.deepEqual(rollout.target.changes, [0]);
  });
});

describe('a rollback', () => {
  it('is not called done while a change that was made is not yet seen', () => {
    const rollout = new SimulatedRollout({ newVersion: 'carried', stages: [5, 50, 100] });
    Object.assign(rollout.target, { newest: 'v1', configuredPercent: null });
    rollout.step();
    assert.deepEqual(rollout.target.changes, [5]);
    // The platform has not told of the new version yet.
    rollout.target.newest = 'v1';
    rollout.spec = { ...specOf({ newVersion: 'carried', stages: [1, 10, 100] }), commands: [] };
    rollout.command('abort');
    for (let tick = 0; tick < 20; tick++) rollout.tick(10);
    assert.equal(rollout.phase.kind, 'rolling-back');
    rollout.target.newest = 'v2';
    rollout.until('rolled-back');
    assert.deepEqual(rollout.target.changes, [5, 0]);
  });

  it('is told as overdue once, and asked for more rarely, where zero is not seen', () => {
    const rollout = atFirstStage();
    rollout.target.follows = false;
    rollout.command('abort');
    for (let tick = 0; tick < 360; tick++) rollout.tick(10);
    assert.equal(rollout.phase.kind, 'rolling-back');
    assert.equal(rollout.alertKinds().filter((kind) => kind === 'rollback-overdue').length, 1);
    const wait = rollout.step().actions.find((action) => action.kind === 'wait-until');
    assert.equal((wait?.atMs ?? 0) - rollout.nowMs, 60_000);
    rollout.target.follows = true;
    rollout.until('rolled-back');
  });

  it('that cannot be followed by itself is told after a minute', () => {
    const rollout = atFirstStage();
    rollout.target.follows = false;
    rollout.target.reads = { stuck: 'its platform waits for the canary to be ready' };
    rollout.command('abort');
    for (let tick = 0; tick < 5; tick++) rollout.tick();
    assert.ok(!rollout.alertKinds().includes('rollback-overdue'));
    for (let tick = 0; tick < 120; tick++) rollout.tick();
    const told = [...rollout.alerts.values()].filter(({ kind }) => kind === 'rollback-overdue');
    assert.equal(told.length, 1);
    assert.match(told[0]?.text ?? '', /waits for the canary to be ready$/);
    assert.equal(rollout.phase.kind, 'rolling-back');
    Object.assign(rollout.target, { follows: true, reads: {} });
    rollout.until('rolled-back');
  });

  it('of a carried model that never came ends once its change is known to be lost', () => {
    const rollout = new SimulatedRollout({ newVersion: 'carried' });
    Object.assign(rollout.target, { newest: 'v1', configuredPercent: 40, isCarriedModel: false });
    rollout.step({ loses: true });
    rollout.command('abort');
    rollout.tick(10, { loses: true });
    const { phase } = rollout;
    assert.ok(phase.kind === 'rolling-back');
    assert.equal(phase.beforePercent, 40);
    for (let tick = 0; tick < 4; tick++) rollout.tick();
    assert.deepEqual(rollout.phase, phase);
    rollout.until('rolled-back', 120);
    assert.deepEqual(rollout.target.changes, []);
  });

  it('brings back the stable version where the verdict comes while the canary is being promoted', () => {
    for (const isSeen of [false, true]) {
      const rollout = new SimulatedRollout({ stages: [5, 100] });
      rollout.until('promoting');
      if (isSeen) rollout.target.reconcile();
      const request = rollout.requests.at(-1);
      assert.ok(request !== undefined);
      rollout.verdictOf = (asked) => answer(asked, 'rollback');
      rollout.verdict = answer(request, 'rollback');
      rollout.step();
      assert.equal(rollout.phase.kind, 'rolling-back');
      rollout.until('rolled-back');
      assert.equal(rollout.target.configuredPercent, 0);
      assert.equal(rollout.target.stable, 'v1');
    }
  });
});

describe('a promote verdict', () => {
  it('of long ago lets nobody on, whatever held it up', () => {
    const rollout = atFirstStage();
    const wanted = specOf().stages[0]?.minimumAnalysisSeconds ?? 0;
    rollout.nowMs += (wanted + 60) * 1000;
    rollout.target.readiness = 'not-ready';
    rollout.verdictOf = (request) => answer(request, 'promote');
    rollout.tick();
    rollout.tick();
    assert.equal(rollout.state.lastVerdict?.verdict, 'promote');
    rollout.verdictOf = () => null;
    for (let tick = 0; tick < 20; tick++) rollout.tick(60);
    rollout.target.readiness = 'ready';
    for (let tick = 0; tick < 10; tick++) rollout.tick(60);
    assert.deepEqual(rollout.target.changes, []);
  });

  it('from before a pause is not used after it', () => {
    const rollout = atFirstStage();
    rollout.command('pause');
    rollout.tick();
    rollout.verdictOf = (request) => answer(request, 'promote');
    for (let tick = 0; tick < 12; tick++) rollout.tick(60);
    rollout.verdictOf = () => null;
    rollout.command('resume');
    for (let tick = 0; tick < 10; tick++) rollout.tick(10);
    assert.deepEqual(rollout.target.changes, []);
  });
});

describe('a verdict that moves nothing', () => {
  /** At the first stage with its minimum analysis over, and what would let the canary on. */
  function due() {
    const rollout = atFirstStage();
    rollout.verdictOf = () => null;
    rollout.nowMs += 400_000;
    rollout.tick();
    const request = rollout.requests.at(-1);
    const target = rollout.target.read();
    assert.ok(request !== undefined && target.kind === 'observed');
    return { rollout, request, target };
  }
  const phaseAfter = (
    { rollout, target }: ReturnType<typeof due>,
    verdict: ReturnType<typeof answer>,
    change: Partial<ReturnType<typeof due>['target']> = {},
  ) => next(rollout.spec, rollout.state, { ...target, ...change }, verdict, rollout.nowMs).state.phase.kind;

  it('would have moved it otherwise', () => {
    const given = due();
    assert.equal(phaseAfter(given, answer(given.request, 'promote')), 'shifting');
  });

  it('is one while the traffic is not where it was asked to be', () => {
    for (const observedPercent of [null, 3]) {
      const given = due();
      assert.equal(phaseAfter(given, answer(given.request, 'promote'), { observedPercent }), 'analysing');
    }
  });

  it('is one about another stable version, another attempt or a time to come', () => {
    for (const change of [{ stable: 'v0' }, { attempt: 2 }, { toMs: Date.UTC(2027, 0) }, { canary: 'v3' }]) {
      const given = due();
      assert.equal(phaseAfter(given, answer(given.request, 'promote', change)), 'analysing');
    }
  });

  it('is a rollback of an attempt before', () => {
    const given = due();
    assert.equal(phaseAfter(given, answer(given.request, 'rollback', { attempt: 0 })), 'analysing');
    assert.equal(phaseAfter(given, answer(given.request, 'rollback')), 'rolling-back');
  });

  it('is one that is older than the one before', () => {
    const { rollout, request, target } = due();
    const newer = next(rollout.spec, rollout.state, target, answer(request, 'hold'), rollout.nowMs);
    const older = answer(request, 'promote', { toMs: request.toMs - 60_000 });
    const { state } = next(rollout.spec, newer.state, target, older, rollout.nowMs);
    assert.equal(state.lastVerdict?.verdict, 'hold');
    assert.equal(state.phase.kind, 'analysing');
  });
});

describe('a promotion', () => {
  it('is not asked for while the canary is not ready', () => {
    const rollout = new SimulatedRollout({ stages: [5, 100] });
    rollout.until('promoting');
    const target = rollout.target.read();
    assert.ok(target.kind === 'observed');
    const promoting = { ...rollout.state };
    const asked = (readiness: typeof target.readiness) =>
      next(
        rollout.spec,
        promoting,
        { ...target, configuredPercent: 5, readiness },
        null,
        rollout.nowMs,
      ).actions.some(({ kind }) => kind === 'promote');
    assert.equal(asked({ kind: 'ready' }), true);
    assert.equal(asked({ kind: 'not-ready', text: 'loading' }), false);
  });
});

describe('what is left out of the evidence', () => {
  it('stays left out at a later stage that asks for less', () => {
    const rollout = new SimulatedRollout({
      stages: [{ percent: 5, stabilisation: '20m' }, { percent: 10, stabilisation: 0 }, { percent: 100 }],
    });
    rollout.until('promoted');
    assert.deepEqual([...new Set(rollout.requests.map(({ leftOutSeconds }) => leftOutSeconds))], [1200]);
  });

  it('is no part of the window of a simple loop, at any stage', () => {
    const rollout = new SimulatedRollout({ policy: 'plain-loop' });
    let sinceMs = 0;
    while (rollout.phase.kind !== 'promoted') {
      const before = rollout.requests.length;
      rollout.tick();
      const { phase } = rollout;
      if (phase.kind === 'analysing') sinceMs = phase.sinceMs;
      for (const request of rollout.requests.slice(before)) {
        assert.ok(request.fromMs >= sinceMs, `${request.fromMs} ${sinceMs}`);
        assert.ok(request.toMs - request.fromMs <= 300_000);
      }
    }
    assert.ok(rollout.requests.length >= 4);
  });
});

describe('a canary that is served while the rollout is paused', () => {
  it('is watched from its first traffic on', () => {
    const rollout = new SimulatedRollout({ newVersion: 'carried' });
    Object.assign(rollout.target, { newest: 'v1', configuredPercent: null });
    rollout.step();
    rollout.command('pause');
    rollout.tick();
    assert.equal(rollout.phase.kind, 'paused');
    rollout.verdictOf = (request) => answer(request, 'rollback');
    rollout.until('rolled-back', minutes(10));
    assert.deepEqual(rollout.target.changes, [5, 0]);
  });
});

describe('a clock that is set back', () => {
  it('holds up no question and no limit', () => {
    const rollout = atFirstStage();
    rollout.tick(60);
    rollout.nowMs -= 3600_000;
    rollout.tick(60);
    const before = rollout.requests.length;
    for (let tick = 0; tick < 3; tick++) rollout.tick(60);
    assert.ok(rollout.requests.length >= before + 2, String(rollout.requests.length - before));
    rollout.verdictOf = (request) => answer(request, 'rollback');
    rollout.until('rolled-back', minutes(3));
  });

  it('leaves no time in the state that is yet to come', () => {
    const rollout = atFirstStage();
    rollout.nowMs -= 3600_000;
    rollout.tick(1);
    const { state, nowMs } = rollout;
    assert.ok(state.weights.every(({ fromMs }) => fromMs <= nowMs));
    assert.ok((state.startedAtMs ?? 0) <= nowMs);
    assert.ok(state.phase.kind === 'analysing' && state.phase.sinceMs <= nowMs);
  });
});

describe('a carried model', () => {
  it('is brought to a service whose manifest has the first share already', () => {
    const rollout = new SimulatedRollout({ newVersion: 'carried' });
    Object.assign(rollout.target, { newest: 'v1', configuredPercent: 5 });
    const [action] = rollout.step().actions;
    assert.ok(action?.kind === 'set-weight' && action.bringsModel && action.toPercent === 5);
    rollout.until('stabilising');
  });
});

describe('a promotion by hand', () => {
  it('waits for the share to be seen in the traffic', () => {
    const rollout = atFirstStage();
    const target = rollout.target.read();
    assert.ok(target.kind === 'observed');
    rollout.command('promote', true);
    const moving = { ...target, observedPercent: null };
    const { state } = next(rollout.spec, rollout.state, moving, null, rollout.nowMs);
    assert.equal(state.phase.kind, 'analysing');
    assert.match(state.history.at(-1)?.text ?? '', /its share is not seen in the traffic/);
  });
});

describe('the guarantee', () => {
  it('is lost where somebody else gave the canary more than it had earned', () => {
    const rollout = atFirstStage();
    rollout.target.configuredPercent = 50;
    rollout.tick();
    assert.deepEqual(rollout.state.guaranteeLosses, ['person']);
    const lower = atFirstStage();
    lower.target.configuredPercent = 1;
    lower.tick();
    assert.equal(pausedFor(lower), 'foreign-change');
    assert.deepEqual(lower.state.guaranteeLosses, []);
  });
});

describe('the state of a rollout', () => {
  it('begins with taking no canary that is there for its own', () => {
    assert.deepEqual(initialState(5).phase, { kind: 'waiting', sinceMs: 5, takesAnyCanary: false });
  });
});

describe('a rollback of a canary that was edited', () => {
  /** The same model under another name: somebody gave it more memory. */
  function edited(): SimulatedRollout {
    const rollout = new SimulatedRollout();
    rollout.verdictOf = (request) => answer(request, 'hold');
    rollout.until('analysing');
    rollout.target.model = 'v2';
    rollout.target.newest = 'v2b';
    return rollout;
  }

  it('goes to zero on the verdict about the same model, in one change', () => {
    const rollout = edited();
    const asked = rollout.requests.at(-1);
    assert.ok(asked !== undefined);
    rollout.verdict = answer(asked, 'rollback');
    rollout.until('rolled-back');
    assert.deepEqual(rollout.target.changes, [0]);
  });

  it('goes to zero where a person says so, and where it was on its way', () => {
    const rollout = edited();
    rollout.tick();
    assert.equal(pausedFor(rollout), 'newer-model');
    const { phase } = rollout;
    assert.ok(phase.kind === 'paused');
    assert.equal(phase.text, 'Another revision of the same model is there: v2b instead of v2.');
    rollout.command('abort');
    rollout.until('rolled-back');
    assert.deepEqual(rollout.target.changes, [0]);
    rollout.target.configuredPercent = 20;
    rollout.tick();
    assert.equal(rollout.alertKinds().at(-1), 'weight-after-rollback');
    assert.match([...rollout.alerts.values()].at(-1)?.text ?? '', /^v2b was rolled back/);

    const late = new SimulatedRollout();
    late.until('analysing');
    late.target.follows = false;
    late.command('abort');
    late.tick();
    Object.assign(late.target, { model: 'v2', newest: 'v2b', follows: true });
    late.until('rolled-back');
    assert.deepEqual(late.target.changes, [0]);
  });

  it('leaves another model as it is', () => {
    const rollout = new SimulatedRollout();
    rollout.until('analysing');
    rollout.target.follows = false;
    rollout.command('abort');
    rollout.tick();
    rollout.target.applyModel('v3');
    rollout.tick();
    assert.equal(rollout.phase.kind, 'failed');
  });

  it('waits for a status that names no canary for a moment', () => {
    const rollout = new SimulatedRollout();
    rollout.until('analysing');
    rollout.target.follows = false;
    rollout.command('abort');
    rollout.tick();
    rollout.target.reads = { canary: null };
    for (let tick = 0; tick < 3; tick++) rollout.tick();
    assert.equal(rollout.phase.kind, 'rolling-back');
    Object.assign(rollout.target, { reads: {}, follows: true });
    rollout.until('rolled-back');

    const never = new SimulatedRollout();
    never.until('analysing');
    never.target.follows = false;
    never.command('abort');
    never.tick();
    never.target.reads = { canary: null, stable: 'v0' };
    never.until('failed');
  });

  it('ends where somebody takes the canary out altogether, and the stable version is alone', () => {
    const rollout = new SimulatedRollout();
    rollout.until('analysing');
    rollout.target.follows = false;
    rollout.command('abort');
    rollout.tick();
    rollout.target.reads = { canary: null, configuredPercent: null, observedPercent: null };
    rollout.until('rolled-back', 120);

    // There a share means the model before: nobody knows who gets it.
    const other = new SimulatedRollout();
    other.until('analysing');
    other.target.follows = false;
    other.command('abort');
    other.tick();
    other.target.reads = { canary: null, configuredPercent: 10 };
    other.until('failed');
  });

  it('says who has the traffic where that is not the stable version that it was judged by', () => {
    const rollout = new SimulatedRollout();
    rollout.until('analysing');
    rollout.command('abort');
    rollout.step();
    rollout.target.reads = { stable: 'v0' };
    rollout.until('rolled-back');
    assert.match([...rollout.alerts.values()].at(-1)?.text ?? '', / v0 has it, not v1\.$/);
  });
});

describe('traffic of a canary that was rolled back', () => {
  it('is not what the old model gets, put back as a revision that serves the same', () => {
    const rollout = new SimulatedRollout();
    rollout.verdictOf = (request) => answer(request, 'rollback');
    rollout.until('rolled-back');
    Object.assign(rollout.target, { model: 'v2', newest: 'v3', configuredPercent: null });
    rollout.tick();
    assert.ok(!rollout.alertKinds().includes('weight-after-rollback'));
  });

  it('is told each time that somebody gives it some', () => {
    const rollout = new SimulatedRollout();
    rollout.verdictOf = (request) => answer(request, 'rollback');
    rollout.until('rolled-back');
    for (const percent of [20, 0, 20, 20, 0, 20]) {
      rollout.target.configuredPercent = percent;
      rollout.tick();
      rollout.tick();
    }
    assert.equal(rollout.alertKinds().filter((kind) => kind === 'weight-after-rollback').length, 3);
  });
});

describe('a target that is not there', () => {
  it('may come a little after the rollout', () => {
    const rollout = new SimulatedRollout();
    rollout.target.isGone = true;
    for (let tick = 0; tick < 3; tick++) rollout.tick();
    assert.equal(rollout.phase.kind, 'waiting');
    rollout.target.isGone = false;
    rollout.until('promoted');
  });

  it('is told to be none where it never comes', () => {
    const rollout = new SimulatedRollout();
    rollout.target.isGone = true;
    rollout.until('failed', 120);
    const { phase } = rollout;
    assert.match(phase.kind === 'failed' ? phase.text : '', /^There is no such resource/);
  });
});

describe('a stable version that is not there', () => {
  it('is waited for until the limit of readiness, and told', () => {
    const rollout = new SimulatedRollout({ readyLimit: '10m' });
    rollout.target.reads = { stable: null, canary: null, note: 'the first revision is not ready' };
    rollout.until('failed', 660);
    const { phase } = rollout;
    assert.match(
      phase.kind === 'failed' ? phase.text : '',
      /^There is no stable version to compare with after 10 min \(the first revision is not ready\)\.$/,
    );
    assert.deepEqual(rollout.target.changes, []);
  });

  it('is waited for without end by an awaited canary', () => {
    const rollout = new SimulatedRollout({ newVersion: 'awaited', readyLimit: '10m' });
    rollout.target.reads = { stable: null, canary: null };
    for (let tick = 0; tick < 200; tick++) rollout.tick(60);
    assert.equal(rollout.phase.kind, 'waiting');
  });
});

describe('a window that is asked for in the midst', () => {
  it('costs the guarantee with the first step that it allows', () => {
    const rollout = atFirstStage();
    assert.deepEqual(rollout.state.guaranteeLosses, []);
    rollout.spec = specOf({ window: '5m' });
    rollout.verdictOf = (request) => answer(request, 'promote');
    rollout.until('promoted');
    assert.deepEqual(rollout.state.guaranteeLosses, ['window']);
  });

  it('is judged in a pause as well: a rollback verdict still rolls back', () => {
    const rollout = atFirstStage({ window: '5m' });
    for (let tick = 0; tick < 60; tick++) rollout.tick();
    rollout.command('pause');
    rollout.tick();
    const before = rollout.requests.length;
    for (let tick = 0; tick < 30; tick++) rollout.tick();
    assert.ok(rollout.requests.length > before + 3);
    const sinceMs = rollout.requests.slice(before).map(({ fromMs, toMs }) => toMs - fromMs);
    assert.deepEqual([...new Set(sinceMs)], [300_000]);
    rollout.verdictOf = (request) => answer(request, 'rollback');
    rollout.until('rolled-back', 180);
  });
});

describe('what a step up rests on', () => {
  it('is a canary that is ready at this moment', () => {
    const rollout = new SimulatedRollout({ readyLimit: '2h' });
    rollout.until('analysing');
    rollout.target.readiness = 'not-ready';
    rollout.target.follows = false;
    for (let tick = 0; tick < 60; tick++) rollout.tick();
    assert.equal(rollout.state.lastVerdict?.verdict, 'promote');
    assert.deepEqual([rollout.phase.kind, rollout.target.changes], ['analysing', []]);
    Object.assign(rollout.target, { readiness: 'ready', follows: true });
    rollout.until('stabilising');
    assert.deepEqual(rollout.target.changes, [10]);
  });

  it('is the stable version that it began with, seen beside it, before the clock of a stage starts', () => {
    const rollout = atFirstStage();
    rollout.verdictOf = (request) => answer(request, 'promote');
    rollout.untilSo(() => rollout.target.configuredPercent === 10);
    // Nobody can tell for a moment who has the rest.
    rollout.target.reads = { stable: null };
    for (let tick = 0; tick < 5; tick++) rollout.tick();
    assert.equal(rollout.phase.kind, 'shifting');
    rollout.target.reads = {};
    rollout.until('stabilising');
  });

  it('is waited for no shorter than a stage has to be analysed, whatever the limit', () => {
    const rollout = atFirstStage({ minimumAnalysis: '30m', undecidedLimit: '5m' });
    for (let tick = 0; tick < 29 * 6; tick++) rollout.tick();
    assert.equal(rollout.phase.kind, 'analysing');
    rollout.until('paused', 600);
    assert.equal(pausedFor(rollout), 'undecided');
  });
});
