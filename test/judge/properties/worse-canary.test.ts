import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ArmCounts, Observations } from '../../../src/domain/observations.js';
import type { GuardrailVerdict, Verdict } from '../../../src/domain/verdict.js';
import { judge } from '../../../src/judge/index.js';
import { guardrailOf, policyWith, written } from '../../support/judging.js';
import { boundsMs, minuteMs, startMs } from '../../support/rollouts.js';

const seed = 20260105;
const rank: Readonly<Record<Verdict, number>> = { rollback: 0, hold: 1, promote: 2 };

const share = (most: number) => fc.oneof(fc.nat(Math.ceil(most / 10)), fc.nat(most));

const arm = (size: number) =>
  fc
    .record({
      latency: fc.tuple(share(size), share(size), share(size), fc.nat(4), fc.nat(3), fc.nat(3)),
      accepted: fc.double({ min: 0.2, max: 0.9, noNaN: true }),
    })
    .map(({ latency, accepted }): ArmCounts => {
      const requests = latency.reduce((sum, count) => sum + count, 0);
      const sum = Math.round(requests * accepted);
      return {
        requests,
        errors: 0,
        latency: { boundsMs, counts: latency },
        predictions: new Map(),
        outcomes: new Map([['default', { count: requests, sum, sumOfSquares: sum }]]),
      };
    });

const drawnLooks = fc.array(fc.record({ canary: arm(300), stable: arm(2700), step: fc.boolean() }), {
  minLength: 1,
  maxLength: 12,
});

type DrawnLooks = typeof drawnLooks extends fc.Arbitrary<infer T> ? T : never;

/** Which look is made worse, and how: so many requests from one bucket to a later one, or so many outcomes lost. */
const change = fc.record({
  look: fc.nat(11),
  from: fc.nat(4),
  to: fc.integer({ min: 1, max: 5 }),
  many: fc.constantFrom(1, 3, 10, 1000),
});

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function observed(drawn: DrawnLooks, worse: (canary: ArmCounts, index: number) => ArmCounts): Observations {
  let weight = 0.1;
  return {
    model: 'm',
    canary: { version: 'v2' },
    stable: { version: 'v1' },
    before: [],
    looks: drawn.map(({ canary, stable, step }, index) => {
      if (step && index % 5 === 4) weight = Math.min(0.5, weight + 0.2);
      const start = startMs + index * minuteMs;
      return { startMs: start, endMs: start + minuteMs, weight, canary: worse(canary, index), stable };
    }),
  };
}

function slower({ latency, ...rest }: ArmCounts, { from, to, many }: Change): ArmCounts {
  const counts = [...(latency?.counts ?? [])];
  const later = Math.max(from + 1, to);
  const moved = Math.min(many, counts[from] ?? 0);
  counts[from] = (counts[from] ?? 0) - moved;
  counts[later] = (counts[later] ?? 0) + moved;
  return { ...rest, latency: { boundsMs, counts } };
}

function fewerAccepted({ outcomes, ...rest }: ArmCounts, { many }: Change): ArmCounts {
  const { count = 0, sum = 0 } = outcomes.get('default') ?? {};
  const left = Math.max(0, sum - many);
  return { ...rest, outcomes: new Map([['default', { count, sum: left, sumOfSquares: left }]]) };
}

/** Amounts: every outcome of the look so much lower, so that they spread as before. */
function smallerAmounts({ outcomes, ...rest }: ArmCounts, { many }: Change): ArmCounts {
  const { count = 0, sum = 0, sumOfSquares = 0 } = outcomes.get('default') ?? {};
  const less = many / 100;
  const lowered = {
    count,
    sum: sum - count * less,
    sumOfSquares: sumOfSquares - 2 * less * sum + count * less * less,
  };
  return { ...rest, outcomes: new Map([['default', lowered]]) };
}

describe('a worse canary', () => {
  const compare = (
    policy: ReturnType<typeof policyWith>,
    worse: (canary: ArmCounts, change: Change) => ArmCounts,
    check: (before: GuardrailVerdict, after: GuardrailVerdict) => void,
    name: string,
    { numRuns = 200, everyLook = false } = {},
  ) => {
    fc.assert(
      fc.property(drawnLooks, change, (drawn, how) => {
        const at = how.look % drawn.length;
        const before = judge(
          policy,
          observed(drawn, (canary) => canary),
        );
        const after = judge(
          policy,
          observed(drawn, (canary, index) => (everyLook || index === at ? worse(canary, how) : canary)),
        );
        check(guardrailOf(before, name), guardrailOf(after, name));
      }),
      { seed, numRuns },
    );
  };
  const noHelp = (before: GuardrailVerdict, after: GuardrailVerdict) => {
    if (after.verdict === 'promote') assert.equal(before.verdict, 'promote', before.reasonCode);
    assert.ok(rank[after.literalVerdict] <= rank[before.literalVerdict]);
    assert.ok((after.evidence.rollback ?? 0) >= (before.evidence.rollback ?? 0) - 1e-9);
    assert.ok((after.evidence.promote ?? 0) <= (before.evidence.promote ?? 0) + 1e-9);
  };
  const noPromote = (before: GuardrailVerdict, after: GuardrailVerdict) => {
    if (after.verdict === 'promote') assert.equal(before.verdict, 'promote', before.reasonCode);
    assert.ok(rank[after.literalVerdict] <= rank[before.literalVerdict]);
  };
  const eager = policyWith({ warmUpSeconds: 0 });

  describe('with slower requests in any look', () => {
    it('gains no promote, no evidence for it and loses none against it', () => {
      compare(eager, slower, noHelp, 'latency-p99');
    });

    it('passes no guardrail undecided that did not pass before', () => {
      const passing = policyWith({ confidence: 0.999 }, { 'latency-p99': { ifUndecided: 'pass' } });
      compare(passing, slower, noPromote, 'latency-p99');
    });

    it('gains no promote in comparison with stable', () => {
      const relative = written({
        warmUp: 0,
        guardrails: [{ name: 'ratio', kind: 'latency-ratio', quantile: 0.9 }],
      });
      compare(relative, slower, noPromote, 'ratio');
    });
  });

  it('with every outcome of all looks lower gains no promote, no evidence for it and loses none against it', () => {
    compare(eager, smallerAmounts, noHelp, 'business-proxy', { everyLook: true });
  });

  describe('with worse outcomes in any look', () => {
    it('of yes or no gains no promote, no evidence for it and loses none against it', () => {
      compare(eager, fewerAccepted, noHelp, 'business-proxy');
    });

    // In one look alone they also make the canary's outcomes vary more, so that less is proven either way.
    it('of amounts gains no promote', () => {
      compare(eager, smallerAmounts, noPromote, 'business-proxy');
    });

    it('passes no guardrail undecided or bounded that did not pass before', () => {
      for (const ifUndecided of ['pass', 'bounded']) {
        const passing = policyWith({ confidence: 0.999 }, { 'business-proxy': { ifUndecided } });
        compare(passing, fewerAccepted, noPromote, 'business-proxy', { numRuns: 150 });
      }
    });
  });
});
