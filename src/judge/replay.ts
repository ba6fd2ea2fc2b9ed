import type { Observations } from '../domain/observations.js';
import type { Policy } from '../domain/policy.js';
import type { VerdictDocument } from '../domain/verdict.js';
import { judge } from './judge.js';
import type { Question } from './question.js';

/** The verdict after every look, as somebody who asks once a look would have got it. */
export function* replay(
  policy: Policy,
  observations: Observations,
  question: Question = {},
): Generator<VerdictDocument> {
  for (const look of observations.looks) {
    if (observations.asOfMs !== undefined && look.endMs > observations.asOfMs) return;
    yield judge(policy, { ...observations, asOfMs: look.endMs }, question);
  }
}
