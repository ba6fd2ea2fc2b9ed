import { plainTable } from '../../../src/cli/output/verdict-table.js';
import { percent, shareOf } from '../../support/pages/share-words.js';
import type { ScenarioResult } from './results.js';

const head = [
  'SCENARIO',
  'RPS',
  'JUDGE',
  'RUNS',
  'ROLLED BACK AT ANY LOOK',
  'FIRST VERDICT WRONG',
  'PROMOTED FIRST',
  'MINUTES, MEDIAN',
  '95 % BY',
  'UNDECIDED AFTER 10/30/60',
];

/** Figures as plain text, for a look at a few cells on a terminal. */
export function showTable(results: readonly ScenarioResult[]): string {
  return plainTable(head, results.map(rowOf));
}

function rowOf(result: ScenarioResult): readonly string[] {
  const { runs } = result;
  const minutes = (value: number | null) => (value === null ? '-' : String(value));
  const undecided = [result.undecidedAfter10, result.undecidedAfter30, result.undecidedAfter60];
  return [
    result.scenario,
    String(result.rate),
    result.judge,
    String(runs),
    shareOf(result.everRolledBack, runs),
    result.wrong === null ? '-' : shareOf(result.wrong, runs),
    shareOf(result.firstPromoted, runs),
    minutes(result.medianMinutes),
    minutes(result.p95Minutes),
    undecided.map((count) => percent(count / runs)).join(' / '),
  ];
}
