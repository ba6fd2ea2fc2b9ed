import { namedJudges } from '../judges/index.js';
import type { ScenarioResult, VerdictQuality } from '../results.js';
import type { Scenario, ScenarioGroup } from '../scenario.js';
import { scenarios } from '../scenarios.js';
import { markdownTable } from '../../../support/pages/markdown-table.js';
import { percent, shareOf } from '../../../support/pages/share-words.js';
import { capital } from './pictures.js';
import { minutesPair } from './words.js';

const groups: readonly (readonly [group: ScenarioGroup, title: string])[] = [
  ['healthy', 'Healthy canaries'],
  ['fault', 'One fault from the start'],
  ['late', 'Faults that come later'],
  ['shared', 'What happens to both versions'],
  ['unlike-the-assumptions', 'Traffic unlike the assumptions'],
];

/** Every scenario with all its figures. */
export function scenarioSections(results: VerdictQuality): string {
  return groups
    .map(([group, title]) =>
      [
        `### ${title}`,
        ...scenarios
          .filter((scenario) => scenario.group === group)
          .map((scenario) => scenarioSection(scenario, results)),
      ].join('\n\n'),
    )
    .join('\n\n');
}

function scenarioSection(scenario: Scenario, { scenarios: all }: VerdictQuality): string {
  const cells = all.filter((cell) => cell.scenario === scenario.name);
  return [
    `#### ${capital(scenario.title)}`,
    `${scenario.told} ${rightOf(scenario)}`,
    markdownTable(
      headOf(scenario),
      cells.map((cell) => rowOf(cell, scenario)),
    ),
  ].join('\n\n');
}

function rightOf({ right }: Scenario): string {
  return right === 'hold' ? 'The table says hold.' : `Right: ${right}.`;
}

function headOf({ right, onset }: Scenario): readonly string[] {
  const verdicts =
    right === 'hold'
      ? ['first verdict promote', 'first verdict rollback']
      : ['first verdict wrong', `minutes to ${right}`];
  const earlier = onset > 1 ? ['promoted while healthy'] : [];
  return [
    'rps',
    'judge',
    'runs',
    'rollback at any look',
    ...earlier,
    ...verdicts,
    'undecided after 10 / 30 / 60',
  ];
}

function rowOf(cell: ScenarioResult, { right, onset }: Scenario): readonly string[] {
  const { runs } = cell;
  const verdicts =
    right === 'hold'
      ? [shareOf(cell.firstPromoted, runs), shareOf(cell.firstRolledBack, runs)]
      : [shareOf(cell.wrong ?? 0, runs), minutesPair(cell)];
  const undecided = [cell.undecidedAfter10, cell.undecidedAfter30, cell.undecidedAfter60];
  return [
    String(cell.rate),
    namedJudges.find(({ name }) => name === cell.judge)?.title ?? cell.judge,
    String(runs),
    shareOf(cell.everRolledBack, runs),
    ...(onset > 1 ? [shareOf(cell.promotedBeforeOnset, runs)] : []),
    ...verdicts,
    undecided.map((count) => percent(count / runs)).join(' / '),
  ];
}
