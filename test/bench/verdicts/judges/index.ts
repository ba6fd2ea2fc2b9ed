import { evidence, lowerConfidence } from './evidence.js';
import { fiveStrikes } from './five-strikes.js';
import { oneMinute } from './one-minute.js';
import type { StreamJudge } from './stream-judge.js';
import { threshold } from './threshold.js';
import { mannWhitneyCritical, mannWhitneyScore } from './time-series.js';

/** The judges that are compared everywhere, in the order of the document. */
export const judges: readonly StreamJudge[] = [
  evidence,
  threshold,
  oneMinute,
  fiveStrikes,
  mannWhitneyScore,
  mannWhitneyCritical,
];

/** Every judge with a name. */
export const namedJudges: readonly StreamJudge[] = [...judges, lowerConfidence];

/** @throws RangeError where there is no such judge */
export function judgeNamed(name: string): StreamJudge {
  const found = namedJudges.find((judge) => judge.name === name);
  if (found === undefined) {
    const known = namedJudges.map((judge) => judge.name).join(', ');
    throw new RangeError(`expected a judge (${known}), got "${name}"`);
  }
  return found;
}

export { evidence, lowerConfidence, variant, type JudgeFunction } from './evidence.js';
export { LookView } from './look-view.js';
export { MinuteSeries } from './minute-series.js';
export type { StreamJudge } from './stream-judge.js';
