import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ArmCounts, Look, Observations } from '../../../src/domain/observations.js';
import { judge } from '../../../src/judge/index.js';
import { agree } from '../../support/assert-printed.js';
import { guardrailOf, policyWith } from '../../support/judging.js';
import { boundsMs, edges, minuteMs, startMs } from '../../support/rollouts.js';

const seed = 20260105;
const policy = policyWith({ warmUpSeconds: 0, warmUpAfterWeightSeconds: 0 });
const guardrails = ['error-rate', 'latency-p99', 'prediction-drift', 'business-proxy'];

const seldom = (most: number) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(most) });

/** What a canary and the stable version do in a small piece of a look. */
const piece = fc.record({
  canary: fc.record({
    errors: seldom(3),
    latency: fc.tuple(fc.nat(90), fc.nat(50), fc.nat(20), fc.nat(2), seldom(2), seldom(1)),
    scores: fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30), fc.nat(30)),
    accepted: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  stable: fc.tuple(fc.nat(200), fc.nat(200), fc.nat(200), fc.nat(200)),
});

type Piece = typeof piece extends fc.Arbitrary<infer T> ? T : never;

/** Pieces of one stage, and where the looks are cut: after the pieces that are marked. */
const cutTwice = fc.array(fc.record({ piece, one: fc.boolean(), other: fc.boolean() }), {
  minLength: 6,
  maxLength: 9,
});

function canaryOf({ canary }: Piece): ArmCounts {
  const served = canary.latency.reduce((sum, count) => sum + count, 0) + canary.errors;
  const accepted = Math.round(served * canary.accepted);
  return {
    requests: served,
    errors: canary.errors,
    latency: { boundsMs, counts: canary.latency },
    predictions: new Map([['default', { kind: 'scores', edges, counts: canary.scores }]]),
    outcomes: new Map([['default', { count: served, sum: accepted, sumOfSquares: accepted }]]),
  };
}

/** Fast and without a fault, so that it shows no dispersion however the looks are cut. */
function stableOf({ stable }: Piece): ArmCounts {
  const requests = stable.reduce((sum, count) => sum + count, 0);
  const accepted = Math.round(requests / 2);
  return {
    requests,
    errors: 0,
    latency: { boundsMs, counts: [requests, 0, 0, 0, 0, 0] },
    predictions: new Map([['default', { kind: 'scores', edges, counts: stable }]]),
    outcomes: new Map([['default', { count: requests, sum: accepted, sumOfSquares: accepted }]]),
  };
}

function plus(left: ArmCounts, right: ArmCounts): ArmCounts {
  const added = (one: readonly number[] = [], other: readonly number[] = []) =>
    one.map((count, index) => count + (other[index] ?? 0));
  const [mine, theirs] = [left.outcomes.get('default'), right.outcomes.get('default')];
  const sum = (mine?.sum ?? 0) + (theirs?.sum ?? 0);
  return {
    requests: left.requests + right.requests,
    errors: left.errors + right.errors,
    latency: { boundsMs, counts: added(left.latency?.counts, right.latency?.counts) },
    predictions: new Map([
      [
        'default',
        {
          kind: 'scores',
          edges,
          counts: added(left.predictions.get('default')?.counts, right.predictions.get('default')?.counts),
        },
      ],
    ]),
    outcomes: new Map([
      ['default', { count: (mine?.count ?? 0) + (theirs?.count ?? 0), sum, sumOfSquares: sum }],
    ]),
  };
}

/** Looks of whole pieces, each ending after a marked one; at least two, as a promote asks. */
function looksCut(pieces: readonly { readonly piece: Piece; readonly cut: boolean }[]): Observations {
  const looks: Look[] = [];
  let open: Look | undefined;
  pieces.forEach(({ piece: drawn, cut }, index) => {
    const endMs = startMs + (index + 1) * minuteMs;
    const canary = canaryOf(drawn);
    const stable = stableOf(drawn);
    open =
      open?.canary === undefined || open.stable === undefined
        ? { startMs: endMs - minuteMs, endMs, weight: 0.1, canary, stable }
        : { ...open, endMs, canary: plus(open.canary, canary), stable: plus(open.stable, stable) };
    if (cut || index === 0 || index === pieces.length - 1) {
      looks.push(open);
      open = undefined;
    }
  });
  return { model: 'm', canary: { version: 'v2' }, stable: { version: 'v1' }, before: [], looks };
}

describe('cumulative evidence at a fixed dispersion', () => {
  it('does not hang on how the looks are cut', () => {
    fc.assert(
      fc.property(cutTwice, (drawn) => {
        const documents = (['one', 'other'] as const).map((which) =>
          judge(policy, looksCut(drawn.map((entry) => ({ piece: entry.piece, cut: entry[which] })))),
        );
        const [left, right] = documents;
        assert.ok(left !== undefined && right !== undefined);
        for (const name of guardrails) {
          const one = guardrailOf(left, name);
          const other = guardrailOf(right, name);
          // A gross failure is told of all looks at once: the same figures, another test.
          if (one.details['gross'] !== other.details['gross']) continue;
          assert.ok(same(one.estimate, other.estimate), `${name} estimate`);
          assert.ok(same(one.evidence.promote, other.evidence.promote), `${name} promote`);
          assert.equal(one.literalVerdict, other.literalVerdict, name);
        }
        // Of drift and proxy rollback evidence is cumulative as well; that of the tails weighs when a fault began.
        for (const name of ['prediction-drift', 'business-proxy']) {
          const one = guardrailOf(left, name);
          const other = guardrailOf(right, name);
          assert.ok(same(one.evidence.rollback, other.evidence.rollback), `${name} rollback`);
          assert.equal(one.verdict, other.verdict, name);
        }
      }),
      { seed, numRuns: 100 },
    );
  });

  it('for promote is not lowered by a look without an event', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 2, maxLength: 8 }),
        fc.integer({ min: 1, max: 3000 }),
        (pieces, requests) => {
          const before = looksCut(pieces.map((drawn) => ({ piece: drawn, cut: true })));
          const last = before.looks.at(-1);
          assert.ok(last !== undefined);
          const healthy: ArmCounts = {
            requests,
            errors: 0,
            latency: { boundsMs, counts: [requests, 0, 0, 0, 0, 0] },
            predictions: new Map(),
            outcomes: new Map(),
          };
          const added: Look = {
            startMs: last.endMs,
            endMs: last.endMs + minuteMs,
            weight: 0.1,
            canary: healthy,
            stable: { ...healthy, requests: requests * 9 },
          };
          const after = judge(policy, { ...before, looks: [...before.looks, added] });
          const then = judge(policy, before);
          for (const name of ['error-rate', 'latency-p99']) {
            const evidence = guardrailOf(after, name).evidence.promote ?? 0;
            assert.ok(evidence >= (guardrailOf(then, name).evidence.promote ?? 0) - 1e-9, name);
          }
        },
      ),
      { seed, numRuns: 100 },
    );
  });

  it('for promote, once there is any, is not lowered by a look like those before', () => {
    let grown = 0;
    fc.assert(
      fc.property(fc.array(piece, { minLength: 2, maxLength: 6 }), (pieces) => {
        const before = looksCut(pieces.map((drawn) => ({ piece: drawn, cut: true })));
        const [first, ...others] = before.looks;
        const last = before.looks.at(-1);
        if (first?.canary === undefined || first.stable === undefined || last === undefined) return;
        const total = others.reduce<{ canary: ArmCounts; stable: ArmCounts }>(
          (sum, { canary, stable }) => ({
            canary: canary === undefined ? sum.canary : plus(sum.canary, canary),
            stable: stable === undefined ? sum.stable : plus(sum.stable, stable),
          }),
          { canary: first.canary, stable: first.stable },
        );
        const added = { startMs: last.endMs, endMs: last.endMs + minuteMs, weight: 0.1, ...total };
        const after = judge(policy, { ...before, looks: [...before.looks, added] });
        const then = judge(policy, before);
        for (const name of ['error-rate', 'latency-p99', 'business-proxy']) {
          const evidence = guardrailOf(then, name).evidence.promote ?? 0;
          if (evidence <= 0) continue;
          grown += 1;
          assert.ok((guardrailOf(after, name).evidence.promote ?? 0) >= evidence - 1e-9, name);
        }
      }),
      { seed, numRuns: 100 },
    );
    assert.ok(grown > 30, `only ${grown} had evidence`);
  });
});

function same(one: number | null, other: number | null): boolean {
  return one === null || other === null ? one === other : agree(one, other, 1e-9);
}
