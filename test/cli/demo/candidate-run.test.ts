import assert from 'node:assert/strict';
import { CandidateRun } from '../../../src/cli/demo/candidate-run.js';
import type { RecordedCandidate, Recording } from '../../../src/cli/demo/recording.js';
import {
  verdictCodes,
  type GuardrailVerdict,
  type Verdict,
  type VerdictDocument,
} from '../../../src/domain/verdict.js';
import { defaultPolicy, judge } from '../../../src/judge/index.js';
import { canaries } from '../support/observation-files.js';

const judged = judge(defaultPolicy(), canaries.promote);

/** A document with a verdict, what the thresholds alone say, and what its guardrails are said to be. */
function document(
  verdict: Verdict,
  literalVerdict: Verdict = 'hold',
  guardrails: Readonly<Record<string, Partial<GuardrailVerdict>>> = {},
): VerdictDocument {
  return {
    ...judged,
    ...{ verdict, literalVerdict, code: verdictCodes[verdict] },
    guardrails: judged.guardrails.map((guardrail) => ({ ...guardrail, ...guardrails[guardrail.name] })),
  };
}

const candidate: RecordedCandidate = {
  ...{ name: 'retrain', title: 'A retrain', wrong: 'Nothing.', cut: 0.5 },
  ...{ looks: 5, answers: [] },
};

/** Two looks at 5 %, two at 25 %, two at 50 %. */
const recording: Recording = {
  ...{ description: '', credit: '', looks: 6, beforeLooks: 0, cut: 0.5 },
  ...{ requests: [], candidates: [candidate] },
  weightOf: (look) => [0.05, 0.05, 0.25, 0.25, 0.5, 0.5][look - 1] ?? 0,
};

describe('the rollout of a candidate of the demo', () => {
  it('asks for 0.8 on the way and for 0.95 at the last weight', () => {
    const run = new CandidateRun(candidate, recording);
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6].map((look) => run.confidenceAt(look)),
      ['0.8', '0.8', '0.8', '0.8', '0.95', '0.95'],
    );
    const even = new CandidateRun(candidate, { ...recording, weightOf: () => 0.5 });
    assert.deepEqual([even.confidenceAt(1), even.confidenceAt(6)], ['0.95', '0.95']);
  });

  it('knows how far it is recorded', () => {
    const run = new CandidateRun(candidate, recording);
    assert.deepEqual([run.isRecorded(5), run.isRecorded(6)], [true, false]);
  });

  it('goes on while it is held, and has no end then', () => {
    const run = new CandidateRun(candidate, recording);
    for (let look = 1; look <= 6; look++) assert.equal(run.take(look, document('hold')), false);
    assert.deepEqual([run.end, run.latest?.look, run.onHold], [undefined, 6, undefined]);
    assert.equal(new CandidateRun(candidate, recording).latest, undefined);
  });

  it('is ended by a rollback at any weight', () => {
    for (const last of [1, 3, 6]) {
      const run = new CandidateRun(candidate, recording);
      for (let look = 1; look < last; look++) run.take(look, document('hold'));
      const bad = document('rollback');
      assert.equal(run.take(last, bad), true);
      assert.deepEqual(run.end, { kind: 'rolled-back', look: last, document: bad });
    }
  });

  it('is ended by a promote at the last weight alone', () => {
    const run = new CandidateRun(candidate, recording);
    for (const look of [1, 2, 3, 4]) assert.equal(run.take(look, document('promote')), false);
    assert.equal(run.end, undefined);
    const good = document('promote');
    assert.equal(run.take(5, good), true);
    assert.deepEqual(run.end, { kind: 'promoted', look: 5, document: good });
  });

  it('stays ended: later verdicts change neither its end nor what is shown of it', () => {
    const run = new CandidateRun(candidate, recording);
    const bad = document('rollback');
    run.take(2, bad);
    for (const later of ['promote', 'hold', 'rollback'] as const) {
      const held = { 'error-rate': { reasonCode: 'on-breach-hold' } } as const;
      assert.equal(run.take(5, document(later, 'promote', held)), false);
    }
    assert.deepEqual(run.end, { kind: 'rolled-back', look: 2, document: bad });
    assert.deepEqual(run.latest, { look: 2, document: bad });
    assert.equal(run.onHold, undefined);
  });

  it('remembers what the plain thresholds said first, and when and why they first said rollback', () => {
    const run = new CandidateRun(candidate, recording);
    assert.deepEqual(run.plain, { first: undefined, rollback: undefined, rollbackLooks: 0, looks: 0 });
    run.take(1, document('hold', 'hold'));
    assert.deepEqual(run.plain, { first: undefined, rollback: undefined, rollbackLooks: 0, looks: 1 });
    run.take(2, document('hold', 'promote'));
    const breach = (...names: readonly string[]) =>
      document(
        'hold',
        'rollback',
        Object.fromEntries(names.map((name) => [name, { literalVerdict: 'rollback' }] as const)),
      );
    run.take(3, breach('error-rate', 'business-proxy'));
    run.take(4, breach('latency-p99'));
    assert.deepEqual(run.plain, {
      first: { look: 2, verdict: 'promote' },
      rollback: { look: 3, guardrails: ['error-rate', 'business-proxy'] },
      rollbackLooks: 2,
      looks: 4,
    });
  });

  it('listens to the plain thresholds also after its end', () => {
    const run = new CandidateRun(candidate, recording);
    run.take(1, document('rollback', 'hold'));
    run.take(2, document('hold', 'rollback'));
    assert.deepEqual([run.plain.first?.look, run.plain.rollback?.look, run.plain.looks], [2, 2, 2]);
  });

  it('remembers where a proven breach first asked for a person', () => {
    const run = new CandidateRun(candidate, recording);
    run.take(1, document('hold'));
    run.take(2, document('hold', 'rollback', { 'prediction-drift': { reasonCode: 'on-breach-hold' } }));
    run.take(3, document('hold', 'rollback', { 'latency-p99': { reasonCode: 'on-breach-hold' } }));
    assert.deepEqual(run.onHold, { look: 2, guardrail: 'prediction-drift' });
  });
});
