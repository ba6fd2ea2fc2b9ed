import type { ScenarioResult } from './results.js';
import { percent } from './render/words.js';
import { wilson } from './wilson.js';

const head = [
  'scenario',
  'rps',
  'judge',
  'runs',
  'ever rolled back',
  'first wrong',
  'promoted first',
  'p50',
  'p95',
  'undecided 10/30/60',
];

/** Figures as plain text, for a look at a few cells on a terminal. */
export function showTable(results: readonly ScenarioResult[]): string {
  const rows = [head, ...results.map(rowOf)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function rowOf(result: ScenarioResult): readonly string[] {
  const { runs } = result;
  const minutes = (value: number | null) => (value === null ? '-' : String(value));
  const share = (count: number) => {
    const [low, high] = wilson(count, runs);
    return `${percent(count / runs)} (${percent(low)} to ${percent(high)})`;
  };
  const undecided = [result.undecidedAfter10, result.undecidedAfter30, result.undecidedAfter60];
  return [
    result.scenario,
    String(result.rate),
    result.judge,
    String(runs),
    share(result.everRolledBack),
    result.wrong === null ? '-' : share(result.wrong),
    share(result.firstPromoted),
    minutes(result.medianMinutes),
    minutes(result.p95Minutes),
    undecided.map((count) => percent(count / runs)).join(' / '),
  ];
}
