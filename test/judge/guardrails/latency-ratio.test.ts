import assert from 'node:assert/strict';
import type { ArmCounts } from '../../../src/domain/observations.js';
import { judge } from '../../../src/judge/index.js';
import { guardrailOf, written } from '../../support/judging.js';
import { arm, rollout, times, type LookRates } from '../../support/rollouts.js';

const policyOf = (settings: Readonly<Record<string, unknown>> = {}, general = {}) =>
  written({ ...general, guardrails: [{ name: 'slow', kind: 'latency-ratio', ...settings }] });

type Head = Parameters<typeof rollout>[1];
const found = (looks: readonly LookRates[], settings = {}, head: Head = {}, general = {}) =>
  guardrailOf(judge(policyOf(settings, general), rollout(looks, head)), 'slow');

/** Shares of requests up to 50, 100, 200, 500, 1000 ms and above: 1 % above 200 ms. */
const usual = [0.5, 0.4, 0.09, 0.008, 0.001, 0.001];
/** 3 % above 200 ms. */
const slower = [0.5, 0.4, 0.07, 0.028, 0.001, 0.001];
const both = (canary: readonly number[] | undefined, stable: readonly number[] | undefined): LookRates => ({
  canary: { latency: canary },
  stable: { latency: stable },
});

describe('latency ratio', () => {
  it('counts what is slower than the bound nearest to the quantile of stable', () => {
    const same = found(times(12, both(usual, usual)));
    assert.equal(same.verdict, 'promote');
    assert.equal(same.details['boundMs'], 200);
    assert.deepEqual(same.details['events'], { canary: 100, stable: 900 });
    const worse = found(times(12, both(slower, usual)));
    assert.equal(worse.verdict, 'rollback');
    assert.ok(Math.abs((worse.estimate ?? NaN) - 3) < 1e-9);
    assert.equal(worse.unit, 'ratio');
    assert.match(
      worse.reason,
      /^The canary's requests take over 200 ms 3 times as often as the stable version's of the same looks \(3 % of 10,000 against 1 % of 90,000 requests\); the bound lies nearest to stable's p99\./,
    );
  });

  it('takes another quantile', () => {
    const boundOf = (quantile: number | string) =>
      found(times(6, both(usual, usual)), { quantile }).details['boundMs'];
    // Twice as many as the slower half are all: no canary could be beyond that.
    assert.equal(boundOf(0.5), null);
    assert.equal(boundOf('90%'), 100);
    assert.equal(boundOf(0.9985), 500);
    const named = found(times(6, both(usual, usual)), { quantile: 0.9985 });
    assert.match(named.reason, /stable's p99\.85/);
  });

  it('holds where far too many of stable lie above the last bound', () => {
    const slow = [0, 0, 0, 0, 0.1, 0.9];
    const guardrail = found(times(6, both(slow, slow)));
    assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'buckets-too-coarse']);
    assert.equal(guardrail.details['boundMs'], null);
    assert.match(guardrail.reason, /No histogram bound lies near the stable version's p99/);
  });

  it('holds where the nearest bound has far too many above it and the next hardly any', () => {
    const observations = rollout(times(8));
    const coarse = (arm: ArmCounts | undefined, shares: readonly number[]) =>
      arm === undefined
        ? {}
        : { ...arm, latency: { boundsMs: [50, 500], counts: shares.map((share) => share * arm.requests) } };
    const looks = observations.looks.map((look) => ({
      ...look,
      canary: { ...arm(), ...coarse(look.canary, [0.82, 0, 0.18]) },
      stable: { ...arm(), ...coarse(look.stable, [0.82, 0.18, 0]) },
    }));
    const guardrail = guardrailOf(judge(policyOf({ quantile: 0.95 }), { ...observations, looks }), 'slow');
    assert.equal(guardrail.details['boundMs'], null);
    assert.deepEqual([guardrail.verdict, guardrail.reasonCode], ['hold', 'buckets-too-coarse']);
  });

  it('does not let the canary choose the bound', () => {
    const crawl = [0, 0, 0, 0, 0, 1];
    const guardrail = found(times(8, both(crawl, usual)));
    assert.equal(guardrail.details['boundMs'], 200);
    assert.equal(guardrail.verdict, 'rollback');
  });

  describe('chooses the bound', () => {
    const fast = [0.995, 0.005, 0, 0, 0, 0];
    const boundOf = (looks: readonly LookRates[], head: Head = {}) =>
      found(looks, {}, head).details['boundMs'];

    it('from the looks before the canary, where they hold a thousand requests', () => {
      const before = [{ latency: fast }];
      assert.equal(boundOf(times(6, both(usual, usual)), { before }), 50);
      assert.equal(
        boundOf(times(6, both(usual, usual)), { before: [{ latency: fast, requests: 999 }] }),
        200,
      );
      assert.equal(
        boundOf(times(6, both(usual, usual)), { before: [{ latency: fast, requests: 1000 }] }),
        50,
      );
    });

    it('else from the first looks that do, and then keeps it', () => {
      const few = (latency: readonly number[], count: number) =>
        times(count, { canary: { requests: 50 }, stable: { requests: 400, latency } });
      assert.equal(boundOf([...few(fast, 3), ...few(usual, 30)]), 50);
      assert.equal(boundOf([...few(fast, 2), ...few(usual, 1), ...few(slower, 30)]), 200);
      assert.equal(boundOf(few(slower, 30)), 500);
    });

    it('from what there is where it is less', () => {
      const few = times(6, { canary: { requests: 5 }, stable: { requests: 45, latency: usual } });
      assert.equal(boundOf(few), 200);
    });
  });

  it('tells which of both has no times', () => {
    assert.equal(found(times(6, both(usual, undefined))).reasonCode, 'no-baseline');
    assert.equal(found(times(6, both(undefined, usual))).reasonCode, 'canary-silent');
    assert.equal(found(times(6, both(undefined, undefined))).reasonCode, 'no-data');
    const auto = found(times(6, both(undefined, undefined)), { required: 'auto' });
    assert.equal(auto.reasonCode, 'not-measured');
  });

  it('is no worse for times that all versions have', () => {
    const looks = [
      ...times(10, both(usual, usual)),
      ...times(4, both([0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 1])),
    ];
    const guardrail = found([...looks, ...times(10, both(usual, usual))]);
    assert.deepEqual(guardrail.details['leftOutLooks'], [11, 12, 13, 14]);
    assert.equal(guardrail.verdict, 'promote');
  });

  it('holds where neither ever goes over the bound', () => {
    const still = [1, 0, 0, 0, 0, 0];
    const guardrail = found(times(30, both(still, still)));
    assert.deepEqual([guardrail.verdict, guardrail.estimate], ['hold', null]);
    assert.match(guardrail.reason, /^Neither version has had requests over 50 ms/);
  });

  it('waits for its minimum duration', () => {
    const settings = { minimumDuration: '15m' };
    assert.equal(found(times(14, both(slower, usual)), settings).reasonCode, 'minimum-duration');
    assert.equal(found(times(15, both(slower, usual)), settings).verdict, 'rollback');
  });
});
