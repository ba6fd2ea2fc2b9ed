import { judges } from '../judges/index.js';
import type { VerdictQuality } from '../results.js';
import { cellOf } from './figures-of.js';
import { markdownTable } from '../../../support/pages/markdown-table.js';
import { singleFaults } from './targets.js';
import { percent } from '../../../support/pages/share-words.js';
import { minutesPair } from './words.js';

/** What somebody who chooses a judge wants to know first, a judge a row. */
export function summaryTable(results: VerdictQuality, rate: number): string {
  return markdownTable(
    [
      'judge',
      'healthy: first verdict is rollback',
      'healthy: rollback at any look',
      'worst of five faults: promoted first',
      '2 % errors: minutes to rollback',
      'healthy, no proxy: minutes to promote',
    ],
    judges.map(({ name, title }) => {
      const healthy = cellOf(results, 'healthy', rate, name);
      const worst = Math.max(
        ...singleFaults.map((fault) => {
          const { wrong, runs } = cellOf(results, fault, rate, name);
          return (wrong ?? 0) / runs;
        }),
      );
      return [
        name === 'evidence' ? `**${title}**` : title,
        percent((healthy.wrong ?? 0) / healthy.runs),
        percent(healthy.everRolledBack / healthy.runs),
        percent(worst),
        minutesPair(cellOf(results, 'errors-2', rate, name)),
        minutesPair(cellOf(results, 'healthy-without-proxy', rate, name)),
      ];
    }),
  );
}
