import assert from 'node:assert/strict';
import type { Observations } from '../../../src/domain/observations.js';
import type { GuardrailVerdict } from '../../../src/domain/verdict.js';
import { judge, replay } from '../../../src/judge/index.js';
import { guardrailOf, written } from '../../support/judging.js';
import { rollout, times, type LookRates } from '../../support/rollouts.js';

const policyOf = (settings: Readonly<Record<string, unknown>> = {}, general = {}) =>
  written({ ...general, guardrails: [{ name: 'errors', kind: 'error-ratio', ...settings }] });

type Head = Parameters<typeof rollout>[1];
const found = (looks: readonly LookRates[], settings = {}, general = {}, head: Head = {}): GuardrailVerdict =>
  guardrailOf(judge(policyOf(settings, general), rollout(looks, head)), 'errors');

/** The canary fails three times as often as the stable version. */
const triple: LookRates = { canary: { errors: 3 } };
/** Both versions fail a third of their requests. */
const incident: LookRates = { canary: { errors: 330 }, stable: { errors: 3000 } };
const near = (actual: number | null, expected: number) => {
  assert.ok(Math.abs((actual ?? NaN) - expected) < 1e-9, `${actual} is not ${expected}`);
};

/** A rollout in which one arm has no errors is the hard case for anything that divides. */
const quiet: LookRates = { canary: { errors: 0 }, stable: { errors: 0 } };

describe('error ratio', () => {
  it('promotes what fails as often as stable, and rolls back what fails three times as often', () => {
    const same = found(times(30));
    assert.equal(same.verdict, 'promote');
    near(same.estimate, 1);
    assert.deepEqual([same.unit, same.guarantee, same.intervalKind], ['ratio', 'asymptotic', 'single-look']);
    assert.deepEqual([same.promoteBelow, same.rollbackAbove], [1.25, 2]);
    const worse = found(times(12, triple));
    assert.equal(worse.verdict, 'rollback');
    near(worse.estimate, 3);
    const [low, high] = worse.interval ?? [null, null];
    assert.ok((low ?? NaN) < 3 && (high ?? NaN) > 3);
    assert.deepEqual(worse.samples, { canary: 10_000, stable: 90_000 });
  });

  it('reckons the evidence of one window by hand: e ln(w / w0) less E ln of the mixed rates', () => {
    const { evidence, details } = found(times(3, triple));
    // One judged look: 3 of 1,000 against 9 of 9,000; rho is a tenth, 12 events in all.
    const step = (factor: number, nullFactor: number) =>
      3 * Math.log(factor / nullFactor) -
      12 * Math.log((1 + 0.1 * (factor - 1)) / (1 + 0.1 * (nullFactor - 1)));
    const rollbackSteps = [2, 3, 5, 10, 30].map((factor) => step(factor, 1.25));
    const { window } = details as { window: { logLikelihoodRatio: number } };
    near(window.logLikelihoodRatio, Math.max(...rollbackSteps));
    const promoteSteps = [1.25, 1, 0.75].map((factor) => step(factor, 2));
    near(evidence.promote, Math.log(promoteSteps.reduce((total, one) => total + Math.exp(one), 0) / 3));
    // The two warm-up looks hold their places: of the start priors all but 1/2 + 2/2878 is spent later.
    const later = 1 / 2878;
    const mixture = rollbackSteps.reduce((total, one) => total + Math.exp(one) * (0.5 + 2 * later), 0) / 5;
    near(evidence.rollback, Math.log(mixture + 0.5 - 2 * later));
  });

  it('does not mind a rate that moves for both versions', () => {
    const moving = Array.from({ length: 30 }, (_, i): LookRates => {
      const rate = 0.002 + 0.004 * (i % 5);
      return { canary: { errors: 1000 * rate }, stable: { errors: 9000 * rate } };
    });
    const guardrail = found(moving);
    near(guardrail.estimate, 1);
    assert.equal(guardrail.verdict, 'promote');
  });

  it('does not mind weights that change while the rate changes with them', () => {
    // Plainly pooled, the canary would fail half as often again: most of its requests came in the bad hour.
    const calm = times(10, { weight: 0.1, canary: { errors: 1 }, stable: { errors: 9 } });
    const bad = times(10, {
      weight: 0.5,
      canary: { requests: 5000, errors: 15 },
      stable: { requests: 5000, errors: 15 },
    });
    const { estimate, details, samples } = found([...calm, ...bad]);
    near(estimate, 1);
    const { events } = details as { events: { canary: number; stable: number } };
    assert.ok(events.canary / samples.canary > 1.5 * (events.stable / samples.stable));
  });

  describe('at the limits', () => {
    const literal = (ratio: number) =>
      found(times(8, { canary: { errors: ratio } }), {}, { mode: 'threshold' }).verdict;

    it('holds exactly on either of them, and between', () => {
      assert.deepEqual([1.24, 1.25, 1.6, 2, 2.01].map(literal), [
        'promote',
        'hold',
        'hold',
        'hold',
        'rollback',
      ]);
    });

    it('says nothing of chance in threshold mode', () => {
      const guardrail = found(times(8, triple), {}, { mode: 'threshold' });
      assert.equal(guardrail.verdict, 'rollback');
      assert.deepEqual([guardrail.evidence.rollback, guardrail.guarantee], [null, 'none']);
    });
  });

  describe('with an arm that has no errors', () => {
    it('says nothing where neither has one, however long', () => {
      const guardrail = found(times(200, quiet));
      assert.deepEqual([guardrail.verdict, guardrail.estimate, guardrail.interval], ['hold', null, null]);
      assert.match(guardrail.reason, /^Neither version has had an error/);
      assert.equal(guardrail.etaSeconds, null);
    });

    it('promotes a canary without errors once stable has shown enough of them', () => {
      const guardrail = found(times(12, { canary: { errors: 0 } }));
      assert.equal(guardrail.verdict, 'promote');
      assert.equal(Object.is(guardrail.estimate, 0), true);
    });

    it('tells the ratio to half an event where stable has none, and rolls back on enough', () => {
      const guardrail = found(times(12, { canary: { errors: 3 }, stable: { errors: 0 } }));
      assert.equal(guardrail.verdict, 'rollback');
      // 30 of 10,000 against half of one of 90,000.
      near(guardrail.estimate, 540);
      assert.equal(guardrail.details['atLeast'], true);
      assert.equal(guardrail.details['ratio'], null);
      assert.match(guardrail.reason, /at least 540 times as often/);
      assert.doesNotMatch(JSON.stringify(guardrail), /Infinity|NaN/);
    });

    it('never takes "at least" for "less than": nothing is promoted on it, to the letter either', () => {
      // At 90 % weight one lone error of the canary is at least 0.2 times stable's nothing.
      const lone: LookRates = {
        canary: { requests: 9000, errors: 0.2 },
        stable: { requests: 1000, errors: 0 },
      };
      for (const mode of ['evidence', 'threshold']) {
        const guardrail = found(times(12, lone), {}, { mode });
        assert.ok((guardrail.estimate ?? NaN) < 1.25);
        assert.equal(guardrail.verdict, 'hold', mode);
        assert.equal(guardrail.literalVerdict, 'hold', mode);
        assert.doesNotMatch(guardrail.reason, /< 1\.25/);
      }
    });
  });

  it('holds where no look has requests of both', () => {
    const guardrail = found([...times(2), ...times(8, { canary: { errors: 500 }, stable: null })]);
    assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'no-baseline']);
    assert.doesNotMatch(guardrail.reason, /Neither version/);
    assert.deepEqual([guardrail.evidence.rollback, guardrail.evidence.promote], [null, null]);
    const never = found(times(8, { canary: { errors: 500 }, stable: null }));
    assert.equal(never.reasonCode, 'no-baseline');
  });

  it('does not roll back on a single look, however bad, but on a second one', () => {
    const bad: LookRates = { canary: { errors: 200 } };
    const lone = found([...times(10), bad]);
    assert.equal(lone.verdict, 'hold');
    // A burst counts as far as stable's would before it is an incident: so the second and third look decide.
    assert.ok((lone.evidence.rollback ?? 0) < 0);
    assert.equal(found([...times(10), bad, bad]).verdict, 'hold');
    const third = found([...times(10), bad, bad, bad]);
    assert.equal(third.verdict, 'rollback');
    assert.match(third.reason, /fail 200 times as often/);
  });

  it('waits for calm looks after an incident of stable, whatever the canary did in it', () => {
    const shared: LookRates = { canary: { errors: 600 }, stable: { errors: 450 } };
    const after = found([...times(25), ...times(5, shared)]);
    assert.deepEqual([after.verdict, after.reasonCode], ['hold', 'stable-breaches-too']);
    assert.match(after.reason, /nobody watched the canary/);
    const passing = found([...times(25), ...times(5, shared)], { ifUndecided: 'pass' });
    assert.equal(passing.verdict, 'hold');
    assert.equal(found([...times(25), ...times(5, shared), ...times(9)]).verdict, 'hold');
    assert.equal(found([...times(25), ...times(5, shared), ...times(10)]).verdict, 'promote');
    const again = found(times(60).map((look, i) => (i % 4 === 3 ? shared : look)));
    assert.deepEqual([again.verdict, again.reasonCode], ['hold', 'stable-breaches-again']);
    const usual = { before: [{ errors: 60 }, ...Array.from({ length: 9 }, () => ({}))] };
    const bursty = times(40).map((look, i) =>
      i % 20 === 15 ? { canary: { errors: 5 }, stable: { errors: 54 } } : look,
    );
    assert.equal(found(bursty, {}, {}, usual).verdict, 'promote');
  });

  it('asks for a margin beyond the limit before it rolls back between the limits', () => {
    const near = times(60, { canary: { errors: 2.1 } });
    const strict = { gateMargin: { rollback: 0, promote: 0 } };
    assert.equal(found(near).verdict, 'hold');
    assert.equal(found(near, {}, strict).verdict, 'rollback');
  });

  it('finds a late fault that the cumulative ratio hides', () => {
    const guardrail = found([...times(300), ...times(8, { canary: { errors: 6 } })]);
    assert.ok((guardrail.estimate ?? NaN) < 1.25);
    assert.equal(guardrail.verdict, 'rollback');
    assert.match(guardrail.reason, /fail 6 times as often/);
    assert.equal((guardrail.details['window'] as { look: number }).look, 301);
  });

  it('does not promote what has just begun to fail', () => {
    const guardrail = found([...times(40), ...times(2, triple)]);
    assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'turning-bad']);
    assert.ok((guardrail.evidence.promote ?? 0) > guardrail.evidence.promoteNeeded);
  });

  describe('a new stage', () => {
    const atTen = times(30, { weight: 0.1 });
    const atFifty = (errors: number): LookRates => ({
      weight: 0.5,
      canary: { requests: 5000, errors },
      stable: { requests: 5000, errors: 5 },
    });

    it('has to promote again, with two judged looks of its own', () => {
      assert.equal(found(atTen).verdict, 'promote');
      assert.equal(found([...atTen, atFifty(5), atFifty(5)]).reasonCode, 'new-stage');
      assert.equal(found([...atTen, ...times(3, atFifty(5))]).reasonCode, 'more-evidence-needed');
    });

    it('is not between the limits only because it has had no error yet', () => {
      const still: LookRates = { weight: 0.2, canary: { errors: 0 }, stable: { errors: 0 } };
      const guardrail = found([...times(10, { weight: 0.1 }), ...times(3, still)]);
      assert.equal(guardrail.reasonCode, 'more-evidence-needed');
    });

    it('can promote, and says when, after a first one that was between the limits', () => {
      const uneven = times(10, { weight: 0.1, canary: { errors: 1.8 } });
      const waiting = found([...uneven, ...times(4, atFifty(5))]);
      assert.equal(waiting.reasonCode, 'more-evidence-needed');
      assert.ok((waiting.etaSeconds ?? 0) > 0, waiting.reason);
      const seconds = waiting.etaSeconds ?? 0;
      assert.equal(found([...uneven, ...times(4 + seconds / 60, atFifty(5))]).verdict, 'promote');
      assert.equal(found([...uneven, ...times(3 + seconds / 60, atFifty(5))]).verdict, 'hold');
    });

    it('keeps its evidence for a rollback', () => {
      const bad = times(3, atFifty(15));
      assert.ok(
        (found([...times(8, { ...triple, weight: 0.1 }), ...bad]).evidence.rollback ?? 0) >
          (found([...times(8, { weight: 0.1 }), ...bad]).evidence.rollback ?? 0),
      );
    });
  });

  describe('an incident of both versions', () => {
    it('is left out, with a word, and does not drown a canary that is worse at other times', () => {
      const looks = [...times(10, triple), ...times(3, incident), ...times(10, triple)];
      const guardrail = found(looks);
      assert.equal(guardrail.verdict, 'rollback');
      assert.deepEqual(guardrail.details['leftOutLooks'], [11, 12, 13]);
      assert.match(guardrail.reason, /3 of 23 looks left out/);
      near(guardrail.estimate, 3);
      const withIt = (3 * 20 + 330 * 3) / (20_000 + 3000) / ((9 * 20 + 9000) / 207_000);
      assert.ok(withIt < 1.25, 'the incident would have hidden it');
    });

    it('does not blame a healthy canary', () => {
      const looks = [...times(10), ...times(3, incident), ...times(20)];
      assert.equal(found(looks).verdict, 'promote');
      const everySecond = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? incident : {}));
      assert.notEqual(found(everySecond).verdict, 'rollback');
    });

    it('is chosen by what stable does alone: the same looks whatever the canary does', () => {
      const leftOut = (canary: LookRates) =>
        found([...times(10, canary), ...times(3, { ...incident, ...canary }), ...times(10, canary)]).details[
          'leftOutLooks'
        ];
      assert.deepEqual(leftOut({ canary: { errors: 0 } }), leftOut({ canary: { errors: 900 } }));
    });

    it('that is all there is holds, and says that no look was judged', () => {
      const before = times(20).map(() => ({}));
      const guardrail = found([...times(2), ...times(2, incident)], {}, {}, { before });
      assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'stable-breaches-too']);
      assert.deepEqual([guardrail.estimate, guardrail.evidence.rollback], [null, null]);
      assert.match(guardrail.reason, /^No judged canary requests yet/);
    });

    it('of fewer than five errors is none', () => {
      const small: LookRates = { canary: { requests: 10 }, stable: { requests: 40, errors: 4 } };
      const looks = [...times(12, { canary: { requests: 10 }, stable: { requests: 40 } }), small];
      assert.equal(found(looks).details['leftOutLooks'], undefined);
    });
  });

  describe('bursts', () => {
    const bursty = (canaryErrors: (i: number) => number): readonly LookRates[] =>
      Array.from({ length: 20 }, (_, i) => ({
        canary: { errors: canaryErrors(i) },
        stable: { errors: i % 3 === 0 ? 6 : 60 },
      }));

    it('that both versions share are no reason to wait', () => {
      const shared = found(bursty((i) => (i % 3 === 0 ? 6 / 9 : 60 / 9)));
      assert.equal(shared.details['dispersion'], 1);
      assert.equal(shared.verdict, 'promote');
    });

    it('of stable alone weaken the evidence', () => {
      const wild = Array.from({ length: 20 }, (_, i): LookRates => ({
        canary: { errors: i % 2 === 0 ? 6 : 0 },
        stable: { errors: i % 2 === 0 ? 0 : 18 },
      }));
      const guardrail = found(wild);
      assert.ok((guardrail.details['dispersion'] as number) > 1.5);
      const even = found(times(20, { canary: { errors: 3 }, stable: { errors: 9 } }));
      assert.ok((guardrail.evidence.rollback ?? NaN) < (even.evidence.rollback ?? NaN));
    });
  });

  it('more errors never help a canary', () => {
    let last = Infinity;
    for (const errors of [0, 0.5, 1, 1.3, 1.6, 2, 3, 10, 100]) {
      const promote = found(times(10, { canary: { errors } })).evidence.promote ?? NaN;
      assert.ok(promote < last, `${errors}: ${promote} is not less than ${last}`);
      last = promote;
    }
  });

  it('is the same document when asked again, and every look of a replay is the verdict of that look', () => {
    const observations: Observations = rollout([...times(4), ...times(6, triple)]);
    const policy = policyOf();
    assert.deepEqual(judge(policy, observations), judge(policy, observations));
    const documents = [...replay(policy, observations)];
    assert.equal(documents.length, 10);
    documents.forEach((document, i) => {
      const upTo = { ...observations, looks: observations.looks.slice(0, i + 1) };
      assert.deepEqual(document.measurement, judge(policy, upTo).measurement);
    });
  });

  it('takes its own limits', () => {
    const fifth = times(20, { canary: { errors: 1.2 } });
    const strict = { promoteBelow: 1.05, rollbackAbove: '1.1' };
    assert.equal(found(fifth, strict).literalVerdict, 'rollback');
    assert.equal(found(fifth, { promoteBelow: 2, rollbackAbove: 3 }).literalVerdict, 'promote');
    const better = { promoteBelow: 0.5, rollbackAbove: 0.8 };
    assert.equal(found(times(120), better).verdict, 'rollback');
  });
});
