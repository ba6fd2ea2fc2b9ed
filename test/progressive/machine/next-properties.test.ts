import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Action, StageVerdict, Step, VerdictRequest } from '../../../src/progressive/index.js';
import { answer, SimulatedRollout, type Mishap } from '../../support/progressive/simulated-rollout.js';

/** Something that happens to a rollout; time goes on after each. */
type Happening =
  | { readonly kind: 'time'; readonly seconds: number }
  | { readonly kind: 'verdicts'; readonly verdict: StageVerdict['verdict'] | 'none' | 'blind' }
  | { readonly kind: 'old-verdict'; readonly index: number; readonly verdict: StageVerdict['verdict'] }
  | { readonly kind: 'mishap'; readonly mishap: Mishap }
  | { readonly kind: 'foreign-weight'; readonly percent: number | null }
  | {
      readonly kind:
        'newer-model' | 'baseline' | 'deleted' | 'recreated' | 'refuses' | 'stuck' | 'away' | 'well';
    }
  | { readonly kind: 'readiness'; readonly readiness: 'ready' | 'not-ready' | 'failed' }
  | {
      readonly kind: 'command';
      readonly command: 'pause' | 'resume' | 'promote' | 'abort';
      readonly full: boolean;
    };

const seconds = fc.constantFrom(1, 10, 60, 60, 310, 700, 4000);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('time' as const), seconds }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('verdicts' as const),
      verdict: fc.constantFrom('promote', 'promote', 'hold', 'rollback', 'none', 'blind'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('old-verdict' as const),
      index: fc.nat(200),
      verdict: fc.constantFrom('promote', 'hold', 'rollback'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('mishap' as const),
      mishap: fc.record({ loses: fc.boolean(), repeats: fc.boolean(), forgetsAlerts: fc.boolean() }),
    }),
  },
  fc.record({
    kind: fc.constant('foreign-weight' as const),
    percent: fc.constantFrom(0, 3, 5, 10, 30, 100, null),
  }),
  fc.record({
    kind: fc.constantFrom('newer-model', 'baseline', 'deleted', 'recreated', 'refuses', 'stuck', 'away'),
  }),
  { weight: 3, arbitrary: fc.constant({ kind: 'well' as const }) },
  fc.record({
    kind: fc.constant('readiness' as const),
    readiness: fc.constantFrom('ready', 'ready', 'not-ready', 'failed'),
  }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('command' as const),
      command: fc.constantFrom('pause', 'resume', 'resume', 'promote', 'abort'),
      full: fc.boolean(),
    }),
  },
);

/** Keeps its own account of what the canary has earned, from outside, and compares every step with it. */
class Watched {
  readonly rollout: SimulatedRollout;
  #attempt = 1;
  #earned = 5;
  #versions = 3;
  #stageBeganMs = Infinity;
  #mishap: Mishap = {};

  constructor(raw: unknown) {
    this.rollout = new SimulatedRollout(raw);
  }

  happen(one: Happening): void {
    const { rollout } = this;
    const { target } = rollout;
    switch (one.kind) {
      case 'verdicts':
        rollout.verdictOf = (request) =>
          one.verdict === 'none'
            ? null
            : one.verdict === 'blind'
              ? answer(request, 'hold', { isBlind: true })
              : answer(request, one.verdict);
        break;
      case 'old-verdict': {
        const request: VerdictRequest | undefined = rollout.requests[one.index];
        if (request !== undefined) rollout.verdict = answer(request, one.verdict);
        break;
      }
      case 'mishap':
        this.#mishap = one.mishap;
        break;
      case 'foreign-weight':
        target.configuredPercent = one.percent;
        break;
      case 'newer-model':
        target.applyModel(`v${(this.#versions += 1)}`);
        break;
      case 'baseline':
        target.stable = 'v0';
        break;
      case 'deleted':
        target.isGone = true;
        break;
      case 'recreated':
        target.uid = 'uid-2';
        break;
      case 'refuses':
        target.refuses = true;
        break;
      case 'stuck':
        target.follows = false;
        break;
      case 'away':
        target.isAvailable = false;
        break;
      case 'well':
        Object.assign(target, { refuses: false, follows: true, isAvailable: true, isGone: false });
        this.#mishap = {};
        break;
      case 'readiness':
        target.readiness = one.readiness;
        break;
      case 'command':
        if (rollout.spec.commands.length < 20) rollout.command(one.command, one.full);
        break;
      case 'time':
        break;
    }
    this.#tick(one.kind === 'time' ? one.seconds : 1);
  }

  #tick(seconds: number): void {
    const { rollout } = this;
    const before = rollout.state;
    const verdict = rollout.verdict;
    const pending = rollout.spec.commands.filter(({ id }) => !before.handledCommands.includes(id));
    const changes = rollout.target.changes.length;
    const step = rollout.tick(seconds, this.#mishap);
    const change = step.actions.find(isChange);
    assert.ok(step.actions.filter(isChange).length <= 1, 'one change a step');
    this.#watchWeight(
      before,
      verdict,
      step,
      pending.some(({ kind }) => kind === 'promote'),
    );
    this.#watchRollback(before, verdict, step);
    this.#watchAbort(
      before,
      pending.some(({ kind }) => kind === 'abort'),
      step,
    );
    this.#watchRequests(step);
    this.#watchTarget(before, step);
    if (isOver(before.phase.kind)) assert.equal(change, undefined, 'nothing is changed after the end');
    if (before.phase.kind === 'rolling-back' && rollout.target.changes.length > changes) {
      assert.equal(rollout.target.configuredPercent, 0, 'a rollback goes to zero and nowhere else');
    }
  }

  /** The weight rises only to what was earned: by the start, by a promote for this stage of these versions, or by a person. */
  #watchWeight(
    before: Step['state'],
    verdict: StageVerdict | null,
    { state, actions }: Step,
    personPromotes: boolean,
  ): void {
    if (state.attempt !== this.#attempt) {
      this.#attempt = state.attempt;
      this.#earned = 5;
    }
    const change = actions.find(isChange);
    const wanted = wantedPercent(state);
    if (wanted !== undefined && wanted > this.#earned) {
      const stage = this.rollout.spec.stages.find(({ percent }) => percent === before.percent);
      const needed = ((stage?.stabilisationSeconds ?? 0) + (stage?.minimumAnalysisSeconds ?? 0)) * 1000;
      const given = [verdict, before.lastVerdict].filter((one) => one !== null);
      const isProven = given.some(
        (one) =>
          one.verdict === 'promote' &&
          one.canary === state.canary &&
          one.stable === state.stable &&
          one.toMs >= this.#stageBeganMs + needed,
      );
      const proceeds = this.rollout.spec.undecided === 'proceed' && given.some(({ isBlind }) => !isBlind);
      assert.ok(isProven || personPromotes || proceeds, `${wanted} % without a verdict`);
      this.#earned = wanted;
    }
    if (change?.kind === 'set-weight') {
      assert.ok(change.toPercent <= this.#earned);
      const { seen } = this.rollout;
      assert.ok(seen.kind === 'observed' && (change.bringsModel || seen.canary === state.canary));
    }
    if (change?.kind === 'promote') assert.equal(this.#earned, 100);
  }

  #watchRollback(before: Step['state'], verdict: StageVerdict | null, { state, actions }: Step): void {
    const { seen } = this.rollout;
    const isAbout =
      verdict?.verdict === 'rollback' &&
      verdict.attempt === before.attempt &&
      before.startedAtMs !== null &&
      !isOver(before.phase.kind);
    const isOurs =
      seen.kind === 'unavailable' ||
      (seen.kind === 'observed' && seen.uid === before.uid && seen.canary === before.canary);
    if (!isAbout || !isOurs) return;
    if (isOver(state.phase.kind)) {
      assert.equal(state.phase.kind, 'rolled-back');
      return;
    }
    assert.equal(state.phase.kind, 'rolling-back');
    const isZero = seen.kind === 'observed' && seen.configuredPercent === 0;
    assert.equal(actions[0]?.kind === 'roll-back', !isZero, 'zero in one action');
  }

  #watchAbort(before: Step['state'], aborts: boolean, { state }: Step): void {
    if (aborts && !isOver(before.phase.kind)) {
      assert.ok(['rolling-back', 'rolled-back', 'failed'].includes(state.phase.kind), 'an abort wins');
    }
  }

  /** A stage begins with traffic that is seen; somebody else's weight is never judged on in silence. */
  #watchTarget(before: Step['state'], { state }: Step): void {
    const { seen } = this.rollout;
    if (seen.kind !== 'observed') return;
    if (before.phase.kind === 'shifting' && state.phase.kind === 'stabilising') {
      this.#stageBeganMs = this.rollout.nowMs;
      const { configuredPercent, observedPercent, canary, stable, readiness } = seen;
      assert.deepEqual([configuredPercent, observedPercent], [state.percent, state.percent]);
      assert.deepEqual([canary, stable, readiness.kind], [state.canary, state.stable, 'ready']);
    }
    const isJudging = before.phase.kind === 'stabilising' || before.phase.kind === 'analysing';
    if (isJudging && seen.configuredPercent !== before.percent) {
      const isIgnored =
        state.history.at(-1)?.kind === 'command-ignored' && state.alertCount > before.alertCount;
      assert.ok(isIgnored || ['paused', 'rolling-back', 'failed'].includes(state.phase.kind));
    }
  }

  #watchRequests({ actions }: Step): void {
    const { seen } = this.rollout;
    for (const action of actions) {
      if (action.kind !== 'ask-verdict') continue;
      assert.notEqual(action.request.canary, action.request.stable);
      assert.ok(seen.kind === 'observed');
      assert.equal(action.request.canary, seen.canary);
      assert.equal(action.request.stable, seen.stable);
    }
  }
}

function isChange(action: Action) {
  return action.kind === 'set-weight' || action.kind === 'roll-back' || action.kind === 'promote';
}

function isOver(kind: Step['state']['phase']['kind']): boolean {
  return kind === 'rolled-back' || kind === 'promoted' || kind === 'failed';
}

function wantedPercent({ phase }: Step['state']): number | undefined {
  if (phase.kind === 'promoting' || phase.kind === 'promoted') return 100;
  return phase.kind === 'shifting' ? phase.toPercent : undefined;
}

describe('driving a canary, whatever happens', () => {
  for (const raw of [{}, { undecided: 'proceed' }, { newVersion: 'carried', stages: [5, 50, 100] }]) {
    it(`keeps its promises with ${JSON.stringify(raw)}`, () => {
      fc.assert(
        fc.property(fc.array(happening, { minLength: 10, maxLength: 90 }), (happenings) => {
          const watched = new Watched(raw);
          for (const one of happenings) watched.happen(one);
        }),
        { numRuns: 300 },
      );
    });
  }

  it('makes the same changes in the same order, whatever is lost or repeated on the way', () => {
    const mishap = fc.record({ loses: fc.boolean(), repeats: fc.boolean(), forgetsAlerts: fc.boolean() });
    // Not everything is lost, and not for as long as a change may stay unconfirmed.
    const inTurn = fc
      .array(mishap, { minLength: 1, maxLength: 8 })
      .filter((mishaps) => mishaps.some(({ loses }) => !loses));
    fc.assert(
      fc.property(inTurn, fc.constantFrom(1, 7, 20, 61), (mishaps, seconds) => {
        const rollout = new SimulatedRollout();
        for (let count = 0; rollout.phase.kind !== 'promoted'; count += 1) {
          assert.ok(count < 20_000);
          rollout.tick(seconds, mishaps[count % mishaps.length]);
        }
        for (let count = 0; count < 3; count += 1) rollout.tick();
        assert.deepEqual(rollout.target.changes, [10, 25, 50, null]);
        const kinds = ['started', 'stage-reached', 'stage-reached', 'stage-reached', 'promoting', 'promoted'];
        assert.deepEqual(rollout.alertKinds(), kinds);
        assert.deepEqual(rollout.state.outbox, []);
      }),
      { numRuns: 20 },
    );
  });
});
