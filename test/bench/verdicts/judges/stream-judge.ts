import type { Verdict } from '../../../../src/domain/verdict.js';
import type { LookView } from './look-view.js';

/** Says a verdict after each look of a stream, as it comes. Keeps in mind what it needs of the looks before. */
export type JudgeSession = (view: LookView) => Verdict;

/** A way to judge canaries, to be compared with others on the same streams. */
export interface StreamJudge {
  readonly name: string;
  /** A few words for tables. */
  readonly title: string;
  /** Begins with a new stream. */
  readonly begin: () => JudgeSession;
}
