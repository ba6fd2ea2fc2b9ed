import { namedJudges } from '../judges/index.js';
import { journeyLooks, journeyPlans, journeyScenarios } from '../journey.js';
import type { JourneyResult, VerdictQuality } from '../results.js';
import { markdownTable } from '../../../support/pages/markdown-table.js';
import { shareOf } from '../../../support/pages/share-words.js';
import { minutesPair } from './words.js';

/** Whole rollouts: a table for every canary. */
export function journeySections({ journeys }: VerdictQuality): string {
  return journeyScenarios
    .map(({ name, title, right }) =>
      [
        `### A journey: ${title}`,
        markdownTable(
          [
            'rps',
            'judge',
            'steps',
            'runs',
            'promoted to the end',
            'rolled back',
            ...(right === 'rollback' ? ['of these at 5 %'] : []),
            right === 'promote' ? 'minutes to the end' : 'minutes to the rollback',
          ],
          journeys.filter((one) => one.scenario === name).map((one) => rowOf(one, right)),
        ),
      ].join('\n\n'),
    )
    .join('\n\n');
}

function rowOf(one: JourneyResult, right: 'promote' | 'rollback'): readonly string[] {
  const { runs, promoted, rolledBack, rolledBackInFirstStep } = one;
  return [
    String(one.rate),
    namedJudges.find(({ name }) => name === one.judge)?.title ?? one.judge,
    journeyPlans.find(({ name }) => name === one.plan)?.name ?? one.plan,
    String(runs),
    shareOf(promoted, runs),
    shareOf(rolledBack, runs),
    ...(right === 'rollback' ? [String(rolledBackInFirstStep)] : []),
    minutesPair(one, journeyLooks),
  ];
}
