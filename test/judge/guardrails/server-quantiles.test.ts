import assert from 'node:assert/strict';
import { observationsToFile, parseObservations } from '../../../src/domain/observations-file.js';
import type { Observations } from '../../../src/domain/observations.js';
import type { GuardrailVerdict } from '../../../src/domain/verdict.js';
import { defaultPolicy, judge } from '../../../src/judge/index.js';
import { codesOf, guardrailOf, only, policyWith, written } from '../../support/judging.js';
import {
  boundsMs,
  minuteMs,
  rollout,
  slowLatency,
  startMs,
  times,
  type ArmRates,
  type LookRates,
} from '../../support/rollouts.js';
import { valueOf } from '../../support/value-of.js';

const policy = only(defaultPolicy(), 'latency-p99');
const withSettings = (settings: Readonly<Record<string, unknown>>, general = {}) =>
  only(policyWith(general, { 'latency-p99': settings }), 'latency-p99');

const p99 = (ms: number, more: ArmRates = {}): ArmRates => ({
  quantiles: { '0.5': 11, '0.99': ms },
  ...more,
});

/** A look with the p99 that each version's servers told; stable's is 120 ms unless said. */
const told = (canary: number, stable = 120): LookRates => ({ canary: p99(canary), stable: p99(stable) });
const series = (...canary: readonly number[]) => canary.map((ms) => told(ms));
/** The first two looks are warm-up. */
const warm = times(2, told(130));

const found = (looks: readonly LookRates[], of = policy): GuardrailVerdict =>
  guardrailOf(judge(of, rollout(looks)), 'latency-p99');
const codeOf = (looks: readonly LookRates[], of = policy) => {
  const { verdict, reasonCode } = found(looks, of);
  return `${verdict}: ${reasonCode}`;
};

describe('a latency quantile that servers told, without buckets', () => {
  it('is the median over the judged looks, without interval, evidence and guarantee', () => {
    const guardrail = found([...times(2, told(900)), ...series(140, 150, 133, 128, 160, 131)]);
    assert.equal(guardrail.verdict, 'promote');
    assert.equal(guardrail.estimate, (133 + 140) / 2);
    assert.equal(guardrail.unit, 'ms');
    assert.deepEqual([guardrail.interval, guardrail.intervalKind], [null, null]);
    assert.deepEqual([guardrail.evidence.rollback, guardrail.evidence.promote], [null, null]);
    assert.equal(guardrail.guarantee, 'none');
    assert.deepEqual(guardrail.samples, { canary: 6000, stable: 54_000 });
    assert.deepEqual(guardrail.details, {
      scalar: true,
      quantile: 0.99,
      looks: 6,
      largest: 160,
      largestOfLatest: 160,
      newest: 131,
      stableEstimate: 120,
      withAllLooks: { estimate: (140 + 150) / 2 },
      warmUp: { looks: 2 },
    });
  });

  it('is told in words that claim nothing', () => {
    const good = found([...warm, ...series(140, 150, 133, 128, 160)]);
    assert.equal(
      good.reason,
      "The p99 that the canary's servers tell is 140 ms at the median of 5 looks (160 ms at most in the latest 5, 160 ms in the newest); the stable version's is 120 ms. The median and the latest 5 looks are below 200 ms. Good enough to go on, without a guarantee. Note: each server computes this quantile over a window of its own, so nothing is said about chance; with histogram buckets it would be judged by evidence.",
    );
    const bad = found([...warm, ...times(5, told(812))]);
    assert.match(
      bad.reason,
      /The median and the newest look are above 500 ms\. Roll back\. Note: each server/,
    );
    const every = [
      [...warm],
      [...warm, told(140)],
      [...warm, ...times(9, told(812))],
      [...warm, ...times(9, told(300))],
      [...warm, ...times(9, told(812)), told(100)],
      [...warm, ...times(9, told(140)), told(250)],
      [...warm, ...times(9, told(140)), told(850)],
      times(9, told(812, 900)),
    ];
    for (const settings of [{}, { onBreach: 'hold' }, { minimumDuration: '1h' }, { ifUndecided: 'pass' }]) {
      for (const looks of every) {
        const document = judge(withSettings(settings), rollout(looks));
        const { reason } = guardrailOf(document, 'latency-p99');
        for (const text of [reason, document.measurement[2]]) {
          assert.doesNotMatch(text, /odds|evidence (none|\d)|proven|Nothing speaks/, text);
        }
        assert.equal(document.measurement[0], null);
      }
    }
  });

  it('decides from five judged looks on', () => {
    for (const [ms, verdict] of [
      [140, 'promote'],
      [812, 'rollback'],
    ] as const) {
      const after = (count: number) => found(times(2 + count, told(ms)));
      assert.equal(after(0).reasonCode, 'warming-up');
      assert.equal(after(0).estimate, null);
      for (const count of [1, 2, 3, 4]) {
        const guardrail = after(count);
        assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'more-evidence-needed']);
        assert.equal(guardrail.estimate, ms);
        assert.equal(guardrail.literalVerdict, ms > 500 ? 'rollback' : 'promote');
        assert.deepEqual(
          [guardrail.moreSamplesNeeded, guardrail.etaSeconds],
          [(5 - count) * 1000, (5 - count) * 60],
        );
        assert.match(guardrail.reason, /At least 5 judged looks are asked for\. About .* are needed/);
      }
      assert.deepEqual([after(5).verdict, after(5).reasonCode], [verdict, verdict]);
      assert.deepEqual([after(5).moreSamplesNeeded, after(5).etaSeconds], [0, 0]);
    }
  });

  it('rolls back only where the newest look is above the limit too', () => {
    assert.equal(codeOf([...warm, ...series(700, 120, 800, 900, 501)]), 'rollback: rollback');
    assert.equal(codeOf([...warm, ...series(700, 800, 900, 700, 500)]), 'hold: more-evidence-needed');
    assert.match(
      found([...warm, ...series(700, 800, 900, 700, 100)]).reason,
      /The newest look is not above the limit, so it may be over already\. How long that takes cannot be told/,
    );
    assert.equal(codeOf([...warm, ...series(700, 800, 120, 130, 900, 140, 901)]), 'rollback: rollback');
    assert.equal(codeOf([...warm, ...series(450, 800, 120, 130, 900, 140, 901)]), 'hold: between-thresholds');
    assert.equal(codeOf([...warm, ...times(9, told(500))]), 'hold: between-thresholds');
  });

  it('promotes only where all of the latest five looks are below the limit too', () => {
    assert.equal(codeOf([...warm, ...series(199, 150, 140, 130, 120)]), 'promote: promote');
    const late = [...warm, ...times(6, told(140)), told(200)];
    for (const calm of [0, 1, 2, 3, 4]) {
      const guardrail = found([...late, ...times(calm, told(140))]);
      assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'more-evidence-needed']);
      assert.equal(guardrail.etaSeconds, (5 - calm) * 60);
      assert.match(guardrail.reason, /All of the latest 5 judged looks have to be below the limit/);
    }
    assert.equal(codeOf([...late, ...times(5, told(140))]), 'promote: promote');
    assert.equal(codeOf([...warm, ...times(9, told(140)), told(501)]), 'hold: turning-bad');
    assert.equal(codeOf([...warm, ...times(9, told(200))]), 'hold: between-thresholds');
    assert.equal(codeOf([...warm, ...times(9, told(0))]), 'promote: promote');
  });

  it('is not promoted on the looks of another weight alone', () => {
    const stage = (weight: number, count: number) => times(count, { ...told(140), weight });
    const at = (count: number) => codeOf([...stage(0.1, 10), ...stage(0.5, count)]);
    assert.equal(at(1), 'hold: new-stage');
    assert.equal(at(2), 'hold: new-stage');
    assert.equal(at(3), 'promote: promote');
    const bad = [...stage(0.1, 10), ...times(2, { ...told(900), weight: 0.5 })];
    assert.equal(codeOf(bad), 'hold: new-stage');
    assert.match(found([...stage(0.1, 10), ...stage(0.5, 1)]).reason, /fewer than two judged looks/);
  });

  it('leaves looks out in which the stable version is above the limit, and waits for it to calm down', () => {
    const both = told(900, 800);
    const after = (calm: number) => found([...warm, ...times(6, told(140)), both, ...times(calm, told(140))]);
    assert.equal(after(0).estimate, 140);
    assert.deepEqual(after(0).details['leftOutLooks'], [9]);
    assert.equal(after(0).reasonCode, 'stable-breaches-too');
    assert.match(
      after(0).reason,
      /it holds until stable has been calm for 10 more looks\. Note: 1 of 9 looks/,
    );
    assert.equal(after(9).reasonCode, 'stable-breaches-too');
    assert.equal(after(9).etaSeconds, 60);
    assert.equal(after(10).reasonCode, 'promote');
    const throughout = found(times(12, both));
    assert.deepEqual([throughout.verdict, throughout.reasonCode], ['hold', 'stable-breaches-too']);
    assert.deepEqual([throughout.estimate, throughout.literalVerdict], [null, 'rollback']);
    assert.match(
      throughout.reason,
      /^No judged canary request times yet\. The stable version is above the limit/,
    );
    const twice = (calm: number) =>
      codeOf([...warm, both, ...times(5, told(140)), both, ...times(calm, told(140))]);
    assert.equal(twice(29), 'hold: stable-breaches-again');
    assert.equal(twice(30), 'promote: promote');
    assert.equal(
      codeOf(times(12, both), withSettings({}, { sharedIncident: 'rollback' })),
      'rollback: rollback',
    );
  });

  it('undoes the newest change where both versions are above the limit since the canary got traffic', () => {
    const before = times(8).map(() => p99(120));
    const looks = times(8, told(900, 800));
    const document = judge(policy, rollout(looks, { before }));
    const guardrail = guardrailOf(document, 'latency-p99');
    assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['rollback', 'incident-since-weight-change']);
    assert.match(
      guardrail.reason,
      /above 500 ms\. The stable version breaches too, but only since the canary/,
    );
    const restless = rollout(looks, { before: [...before.slice(1), p99(700)] });
    assert.equal(guardrailOf(judge(policy, restless), 'latency-p99').reasonCode, 'stable-breaches-too');
  });

  it('is under the same general rules as everything else', () => {
    const bad = [...warm, ...times(9, told(812))];
    assert.equal(codeOf(bad, withSettings({ onBreach: 'hold' })), 'hold: on-breach-hold');
    assert.match(
      found(bad, withSettings({ onBreach: 'hold' })).reason,
      /above 500 ms\. The policy says hold on a breach: a person decides/,
    );
    assert.equal(codeOf(bad, withSettings({ minimumDuration: '12m' })), 'hold: minimum-duration');
    assert.equal(found(bad, withSettings({ minimumDuration: '12m' })).etaSeconds, 60);
    assert.equal(codeOf(bad, withSettings({ minimumDuration: '11m' })), 'rollback: rollback');
    const good = rollout([...warm, ...times(9, told(140))]);
    const stale = judge(policy, { ...good, asOfMs: startMs + 17 * minuteMs });
    assert.deepEqual([stale.verdict, stale.reasons[0]?.code], ['hold', 'stale-data']);
    assert.equal(judge(policy, { ...good, asOfMs: startMs + 12 * minuteMs }).verdict, 'promote');
    const alone: Observations = rollout(times(12, { canary: p99(140), stable: null }));
    assert.equal(guardrailOf(judge(policy, alone), 'latency-p99').verdict, 'promote');
    assert.equal(judge(policy, alone).verdict, 'hold');
  });

  it('passes where the policy lets it, unless it already looks bad', () => {
    const pass = withSettings({ ifUndecided: 'pass' });
    for (const [looks, code] of [
      [times(9, told(300)), 'promote: undecided-pass'],
      [[...times(9, told(140)), told(250)], 'promote: undecided-pass'],
      [times(2, told(140)), 'promote: undecided-pass'],
      [times(1, told(140)), 'hold: more-evidence-needed'],
      [times(4, told(812)), 'hold: more-evidence-needed'],
      [[...times(9, told(812)), told(100)], 'hold: more-evidence-needed'],
      [[...times(9, told(300)), told(812)], 'hold: between-thresholds'],
      [[...times(9, told(140)), told(812)], 'hold: turning-bad'],
    ] as const) {
      assert.equal(codeOf([...warm, ...looks], pass), code);
    }
    const document = judge(pass, rollout([...warm, ...times(9, told(300))]));
    assert.deepEqual(document.decidedWithout, ['latency-p99']);
    assert.match(
      document.reasons[0]?.text ?? '',
      /Not decided\. The policy lets an undecided guardrail pass\./,
    );
  });

  it('is to the letter in threshold mode: the median of all looks, from the first one on', () => {
    const letter = withSettings({}, { mode: 'threshold' });
    const first = found([told(812)], letter);
    assert.deepEqual([first.verdict, first.estimate, first.guarantee], ['rollback', 812, 'none']);
    assert.equal(
      first.reason,
      "The p99 that the canary's servers tell is 812 ms at the median of 1 look (812 ms at most in the latest 1, 812 ms in the newest); the stable version's is 120 ms. Threshold mode: the table to the letter, without any word on chance: p99 812 ms > 500 ms.",
    );
    assert.equal(codeOf(series(140, 812, 140), letter), 'promote: promote');
    const window = withSettings({}, { mode: 'threshold', windowSeconds: 180 });
    assert.equal(found([...times(9, told(812)), ...times(3, told(140))], window).estimate, 140);
  });

  it('is silent where only the canary stops telling it', () => {
    const silent: LookRates = { canary: { quantiles: { '0.5': 11 } }, stable: p99(120) };
    const guardrail = found([...warm, ...times(9, told(140)), ...times(6, silent)]);
    assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'canary-silent']);
    assert.match(guardrail.reason, /The canary has had no request times since/);
    assert.equal(codeOf(times(9, silent)), 'hold: canary-silent');
    const idle: LookRates = { canary: p99(900, { requests: 0 }), stable: p99(120) };
    assert.equal(found([...warm, ...times(9, told(140)), ...times(3, idle)]).details['looks'], 9);
  });
});

describe('quantiles of servers', () => {
  const histogram = (rates: ArmRates): ArmRates => ({ ...rates, latency: slowLatency });

  it('change nothing where a version has buckets', () => {
    const slow: LookRates = { canary: { latency: slowLatency } };
    const beside: LookRates = {
      canary: histogram(p99(100)),
      stable: p99(120, { latency: [1, 0, 0, 0, 0, 0] }),
    };
    const plain: LookRates = { ...slow, stable: { latency: [1, 0, 0, 0, 0, 0] } };
    assert.deepEqual(
      judge(policy, rollout(times(12, beside))).guardrails,
      judge(policy, rollout(times(12, plain))).guardrails,
    );
    assert.equal(found(times(12, beside)).verdict, 'rollback');
    assert.deepEqual(found(times(12, beside)).details['bounds'], boundsMs);
  });

  it('do not stand in for the buckets of one version alone', () => {
    const canaryAlone: LookRates = { canary: p99(140), stable: {} };
    assert.equal(codeOf(times(12, canaryAlone)), 'hold: canary-silent');
    const stopped = [...times(12), ...times(6, canaryAlone)];
    assert.equal(codeOf(stopped), 'hold: canary-silent');
    const stableAlone: LookRates = { canary: {}, stable: p99(120) };
    assert.equal(codeOf(times(12, stableAlone)), 'promote: promote');
    const earlier = judge(policy, rollout(times(12, told(140)), { before: [{}] }));
    assert.equal(guardrailOf(earlier, 'latency-p99').verdict, 'hold');
  });

  it('are of no use where the asked one is not among them, and that is said', () => {
    const guardrail = found(times(12, told(140)), withSettings({ quantile: '0.95' }));
    assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'no-data']);
    assert.equal(
      guardrail.reason,
      'There are quantiles of the request times (p50 and p99), but neither the p95 nor histogram buckets. It holds until there is something to judge.',
    );
    const auto = found(times(12, told(140)), withSettings({ quantile: '0.95', required: 'auto' }));
    assert.equal(auto.reasonCode, 'not-measured');
    assert.match(auto.reason, /^Not judged: there are quantiles of the request times \(p50 and p99\)/);
  });

  it('are found however the quantile is written', () => {
    const told999 = (key: string): LookRates => ({ canary: { quantiles: { [key]: 140 } }, stable: {} });
    for (const written999 of ['99.9%', '0.999', 0.999]) {
      const looks = times(12, { ...told999('0.999'), stable: { quantiles: { '.9990': 100 } } });
      assert.equal(codeOf(looks, withSettings({ quantile: written999 })), 'promote: promote');
    }
  });

  it('tell no ratio to the stable version, and the reason says so', () => {
    const ratio = written({ guardrails: [{ name: 'latency-ratio', kind: 'latency-ratio' }] });
    const guardrail = guardrailOf(judge(ratio, rollout(times(12, told(140)))), 'latency-ratio');
    assert.deepEqual(
      [guardrail.verdict, guardrail.reasonCode, guardrail.estimate],
      ['hold', 'no-data', null],
    );
    assert.equal(
      guardrail.reason,
      'There are quantiles of the request times but no histogram buckets, and how many requests are slow cannot be told from quantiles. It holds until there is something to judge.',
    );
    const none = rollout(times(12, { canary: { latency: undefined }, stable: { latency: undefined } }));
    assert.match(
      guardrailOf(judge(ratio, none), 'latency-ratio').reason,
      /^There are no requests of the canary/,
    );
  });

  it('belong to the document: another one, another id; and a written file gives the same', () => {
    const observations = rollout(times(12, told(140)));
    const other = rollout([...times(11, told(140)), told(141)]);
    assert.notEqual(judge(policy, observations).id, judge(policy, other).id);
    const swapped = rollout(
      times(12, { canary: { quantiles: { '0.98': 140, '0.5': 11 } }, stable: p99(120) }),
    );
    assert.notEqual(judge(policy, observations).id, judge(policy, swapped).id);
    const file: unknown = JSON.parse(JSON.stringify(observationsToFile(observations)));
    assert.deepEqual(judge(policy, valueOf(parseObservations(file))), judge(policy, observations));
  });
});

describe('the guarantee beside a quantile without counts', () => {
  const good = rollout(times(20, told(140)));
  const exception =
    'latency-p99: judged by quantiles that its servers computed, without a stated rate of wrong verdicts; the rates are those of the other guardrails alone';

  it('holds for the other guardrails alone, and says so', () => {
    const document = judge(defaultPolicy(), good);
    assert.equal(document.verdict, 'promote');
    const { guarantee } = document;
    assert.ok(guarantee !== 'none');
    assert.equal('falsePromotion' in guarantee, false);
    assert.equal(guarantee.falseRollback, 0.051);
    assert.ok(guarantee.assumes.includes(exception));
    assert.ok(guarantee.assumes.includes('error-rate: exact for independent requests'));
    const alone = judge(defaultPolicy(), good, { guardrail: 'error-rate' }).guarantee;
    assert.ok(alone !== 'none');
    assert.equal(alone.falsePromotion, 0.05);
  });

  it('is none where it is the only one that is asked for', () => {
    assert.equal(judge(defaultPolicy(), good, { guardrail: 'latency-p99' }).guarantee, 'none');
    assert.equal(judge(policy, good).guarantee, 'none');
    const withAll = judge(defaultPolicy(), good, { guardrail: 'latency-p99', promoteWith: 'all' });
    assert.deepEqual([withAll.verdict, withAll.guarantee], ['promote', 'none']);
  });

  it('is the usual one where it is not judged', () => {
    const usual = judge(defaultPolicy(), rollout(times(20))).guarantee;
    const auto = policyWith({}, { 'latency-p99': { quantile: '0.95', required: 'auto' } });
    assert.deepEqual(judge(auto, good).guarantee, usual);
  });

  it('leaves the blame to what is proven, where several guardrails roll back', () => {
    const failing = times(12, { ...told(900), canary: p99(900, { errors: 40 }) });
    const document = judge(defaultPolicy(), rollout(failing));
    assert.equal(codesOf(document)['latency-p99'], 'rollback: rollback');
    assert.equal(document.measurement[0], 1);
    assert.match(document.measurement[2], /^error-rate: /);
    const slowAlone = judge(defaultPolicy(), rollout(times(12, told(900))));
    assert.deepEqual(slowAlone.measurement, [
      null,
      'rollback',
      'latency-p99: p99 900 ms > 500 ms, without a guarantee',
    ]);
  });
});
