import type { VerdictQuality } from '../results.js';
import { scenarioNamed } from '../scenarios.js';
import { cellOf } from './figures-of.js';
import { markdownTable } from '../../../support/pages/markdown-table.js';
import { wilsonInterval } from '../../../../src/statistics/single-look-intervals.js';
import { shareOf } from '../../../support/pages/share-words.js';
import { minutes } from './words.js';

/** Something that was asked of the judge before it was measured, at 50 requests per second. */
export interface Target {
  readonly scenario: string;
  readonly asked: string;
  readonly reached: string;
  /** `so-far`: these runs keep to it, and are too few to show that any number would. */
  readonly met: 'yes' | 'so-far' | 'no';
}

const rate = 50;

/** Canaries with one fault, none of which may be promoted. */
export const singleFaults: readonly string[] = ['errors-2', 'errors-50', 'p99-700', 'psi-025', 'proxy-10'];

export function targetsOf(results: VerdictQuality): readonly Target[] {
  const share = (
    scenario: string,
    figure: 'everRolledBack' | 'wrong',
    most: number,
    asked: string,
  ): Target => {
    const cell = cellOf(results, scenario, rate);
    const count = cell[figure] ?? 0;
    const [, highest] = wilsonInterval(count, cell.runs);
    const met = highest <= most ? 'yes' : count / cell.runs <= most ? 'so-far' : 'no';
    return { scenario, asked, reached: shareOf(count, cell.runs), met };
  };
  const median = (scenario: string, most: number, what: string): Target => {
    const { medianMinutes } = cellOf(results, scenario, rate);
    return {
      scenario,
      asked: `${what} in ${most === 1 ? '1 look' : `at most ${most} looks`} at the median`,
      reached: minutes(medianMinutes),
      met: medianMinutes !== null && medianMinutes <= most ? 'yes' : 'no',
    };
  };
  return [
    share('healthy', 'everRolledBack', 0.01, 'rolled back at any look: at most 1 %'),
    ...singleFaults.map((fault) => share(fault, 'wrong', 0.02, 'promoted first: at most 2 %')),
    median('errors-2', 7, 'rolled back'),
    median('errors-50', 1, 'rolled back'),
    median('psi-025', 6, 'rolled back'),
    median('p99-700', 5, 'rolled back'),
    median('healthy-without-proxy', 10, 'promoted'),
    share('shared-incident', 'everRolledBack', 0.02, 'rolled back at any look: at most 2 %'),
    share('shared-drift', 'everRolledBack', 0.02, 'rolled back at any look: at most 2 %'),
  ];
}

const metWords: Readonly<Record<Target['met'], string>> = {
  yes: 'yes',
  'so-far': 'in these runs',
  no: '**no**',
};

export function targetsTable(results: VerdictQuality): string {
  return markdownTable(
    ['canary', 'asked', 'reached', 'met'],
    targetsOf(results).map(({ scenario, asked, reached, met }) => [
      scenarioNamed(scenario).title,
      asked,
      reached,
      metWords[met],
    ]),
  );
}
