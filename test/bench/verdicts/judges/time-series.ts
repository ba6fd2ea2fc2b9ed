import type { Verdict } from '../../../../src/domain/verdict.js';
import type { Classification } from './mann-whitney.js';
import type { StreamJudge } from './stream-judge.js';

/** Minutes before the first judgement, as its users set it. */
const firstJudgedMinute = 5;

const passScore = 95;
const marginalScore = 75;

/** One score from the metrics' classes: equal weights, a metric without data counts as passed. */
export function scoreOf(classes: readonly Classification[]): number {
  const failed = classes.filter((one) => one === 'high' || one === 'low').length;
  return (100 * (classes.length - failed)) / classes.length;
}

/** Pass promotes, marginal holds, anything less rolls back; so does half of the metrics without data. */
export function verdictOfClasses(classes: readonly Classification[], critical: boolean): Verdict {
  const missing = classes.filter((one) => one === 'no-data').length;
  if (missing >= classes.length / 2) return 'rollback';
  const score = scoreOf(classes);
  if (critical && score < 100) return 'rollback';
  if (score >= passScore) return 'promote';
  return score >= marginalScore ? 'hold' : 'rollback';
}

/** Kayenta's judge over all minutes of the present step, one series a guardrail; each minute judged afresh. */
function timeSeriesJudge(name: string, title: string, critical: boolean): StreamJudge {
  return {
    name,
    title,
    begin:
      () =>
      ({ classes, minutes }) =>
        minutes < firstJudgedMinute ? 'hold' : verdictOfClasses(classes, critical),
  };
}

/** By its score alone: one failed metric of four is marginal. */
export const mannWhitneyScore = timeSeriesJudge('mann-whitney', 'Mann-Whitney, score', false);

/** With every metric marked critical: one failed metric is enough. */
export const mannWhitneyCritical = timeSeriesJudge(
  'mann-whitney-critical',
  'Mann-Whitney, all critical',
  true,
);
