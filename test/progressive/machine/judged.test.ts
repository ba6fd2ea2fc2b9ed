import assert from 'node:assert/strict';
import type { Look, Observations } from '../../../src/domain/observations.js';
import type { Policy } from '../../../src/domain/policy.js';
import { builtInPolicies, holdDocument, judge } from '../../../src/judge/index.js';
import {
  judgedObservations,
  judgedPolicy,
  stageVerdict,
  type VerdictRequest,
} from '../../../src/progressive/index.js';
import { armCounts } from '../../support/simulation/arm-counts.js';
import { minuteMs, minuteSpan, startMs } from '../../support/simulation/minute-span.js';

const progressive = builtIn('progressive');

/** Stages of 11 minutes each, the change half-way through a minute. */
const request: VerdictRequest = {
  key: 'k',
  attempt: 1,
  canary: 'v2',
  stable: 'v1',
  fromMs: startMs,
  toMs: startMs + 22 * minuteMs,
  weights: [
    { percent: 5, fromMs: startMs + 30_000 },
    { percent: 10, fromMs: startMs + 11.5 * minuteMs },
  ],
  policy: 'progressive',
  leftOutSeconds: 300,
  confidence: 0.8,
  proxyIfUndecided: 'pass',
};

function builtIn(name: string): Policy {
  const policy = builtInPolicies.get(name);
  if (policy === undefined) throw new Error(`no policy ${name}`);
  return policy;
}

function look(index: number, errors: number): Look {
  return {
    ...minuteSpan(index),
    canary: armCounts({ requests: 3000, errors }),
    stable: armCounts({ requests: 27_000, errors: 27 }),
  };
}

function observed(errorsAt: (index: number) => number): Observations {
  return {
    model: 'm',
    canary: { version: 'v2' },
    stable: { version: 'v1' },
    looks: Array.from({ length: 30 }, (_, index) => look(index - 2, errorsAt(index - 2))),
    before: [],
  };
}

function errorRate(errorsAt: (index: number) => number, change: Partial<VerdictRequest> = {}) {
  const asked = { ...request, ...change };
  const document = judge(judgedPolicy(progressive, asked), judgedObservations(observed(errorsAt), asked));
  return { document, guardrail: document.guardrails.find(({ name }) => name === 'error-rate') };
}

describe('what the judge is given at a stage', () => {
  it('is the looks asked for, with the shares that the canary had', () => {
    const { looks, asOfMs, canary } = judgedObservations(
      observed(() => 3),
      request,
    );
    assert.equal(looks.length, 22);
    assert.equal(looks[0]?.startMs, startMs);
    assert.equal(asOfMs, request.toMs);
    assert.deepEqual(canary, { version: 'v2', weight: 0.1 });
    assert.deepEqual(
      looks.map(({ weight }) => weight),
      [...Array.from({ length: 11 }, () => 0.05), ...Array.from({ length: 11 }, () => 0.1)],
    );
  });

  it('leaves the looks of stabilisation out of the evidence, at the start and after each change', () => {
    const isStabilising = (index: number) => index < 6 || (index >= 11 && index < 17);
    const { guardrail } = errorRate((index) => (isStabilising(index) ? 90 : 3));
    assert.equal(guardrail?.estimate, 0.001);
    assert.equal(guardrail.verdict, 'promote');
    const { guardrail: judged } = errorRate((index) => (isStabilising(index) ? 3 : 90));
    assert.equal(judged?.verdict, 'rollback');
  });

  it('is rolled back for a gross failure while it stabilises', () => {
    const { document } = errorRate(() => 2400, { toMs: startMs + 2 * minuteMs });
    assert.equal(document.verdict, 'rollback');
  });

  it('has the confidence and the undecided proxy of the stage', () => {
    const { confidence, guardrails, warmUpSeconds, warmUpAfterWeightSeconds } = judgedPolicy(
      progressive,
      request,
    );
    assert.equal(confidence, 0.8);
    assert.deepEqual([warmUpSeconds, warmUpAfterWeightSeconds], [360, 360]);
    assert.deepEqual(
      guardrails.map(({ ifUndecided }) => ifUndecided),
      ['hold', 'hold', 'hold', 'pass'],
    );
    const own = judgedPolicy(progressive, {
      ...request,
      confidence: null,
      proxyIfUndecided: null,
      leftOutSeconds: 0,
    });
    assert.deepEqual(own, progressive);
  });

  it('leaves nothing out of a window', () => {
    const policy = judgedPolicy(progressive, { ...request, leftOutSeconds: null });
    assert.deepEqual([policy.warmUpSeconds, policy.warmUpAfterWeightSeconds], [0, 0]);
  });
});

describe('what driving takes from a verdict document', () => {
  it('is the verdict with its sentence, and whether anything was judged', () => {
    const { document } = errorRate(() => 3);
    const { verdict, sentence, isBlind, guarantee, canary, stable, toMs, key } = stageVerdict(
      request,
      document,
    );
    assert.deepEqual(
      { verdict, sentence, isBlind, guarantee, canary, stable, toMs, key },
      {
        verdict: document.verdict,
        sentence: document.measurement[2],
        isBlind: false,
        guarantee: 'stated',
        canary: 'v2',
        stable: 'v1',
        toMs: request.toMs,
        key: 'k',
      },
    );
  });

  it('is blind where the source could not be read', () => {
    const cause = {
      model: 'm',
      canary: 'v2',
      stable: 'v1',
      code: 'source-unavailable',
      text: 'down',
    } as const;
    const held = stageVerdict(request, holdDocument({ ...cause, policy: progressive }));
    assert.deepEqual([held.verdict, held.isBlind, held.stable], ['hold', true, 'v1']);
  });

  it('has no guarantee in threshold mode', () => {
    const policy = { ...judgedPolicy(progressive, request), mode: 'threshold' } as const;
    const document = judge(
      policy,
      judgedObservations(
        observed(() => 3),
        request,
      ),
    );
    assert.equal(stageVerdict(request, document).guarantee, 'none');
  });
});
