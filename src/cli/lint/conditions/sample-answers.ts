import { verdicts, type Verdict } from '../../../domain/verdict.js';

/** An answer of the service as conditions see it. */
export interface SampleAnswer {
  readonly verdict: Verdict;
  readonly answer: Readonly<Record<string, unknown>>;
  /** Something stands between Argo and the service, or it is another one: no condition may be true. */
  readonly isEmpty?: true;
}

const codes: Readonly<Record<Verdict, number>> = { promote: 1, hold: 0, rollback: -1 };

/** Answers of every verdict with figures of every size: no verdict can be told from a figure alone. */
const fullAnswers: readonly SampleAnswer[] = verdicts.flatMap((verdict) =>
  [0.02, 0.98, 250, null].map((estimate) => ({
    verdict,
    answer: {
      verdict,
      code: codes[verdict],
      literalVerdict: verdict,
      measurement: [estimate, verdict, 'error-rate: a sentence'],
      model: 'fraud-detector',
      canary: 'v2',
      stable: 'v1',
      policy: 'default',
      mode: 'evidence',
      looks: 12,
      stage: 1,
      reasons: [],
      guardrails: [],
      guarantee: {},
    },
  })),
);

const emptyAnswer = { verdict: null, code: null, literalVerdict: null, measurement: null };

/** Those, and one with nothing in it, which has to be a hold. */
export const sampleAnswers: readonly SampleAnswer[] = [
  ...fullAnswers,
  { verdict: 'hold', answer: emptyAnswer, isEmpty: true },
];
