/** The page that shows what people see: written by `npm run test:argo:page`, and held against every run of the suite. */
import assert from 'node:assert/strict';
import { markdownTable } from '../../../support/pages/markdown-table.js';
import { formatted, readRepositoryFile, writeGenerated } from '../../../support/pages/repository-files.js';
import type { Played } from './played-scenarios.js';
import type { Ending, Scenario } from './scenario.js';

const path = 'docs/on-a-real-controller.md';

/** A scenario and how it ended. */
export type Told = readonly [Scenario, Played<Ending>];

/** Scenarios of which the page shows all that there is to see, and what it says before. */
const shown = [
  [
    'ready-early',
    'Promoted',
    'A healthy canary, four replicas behind an NGINX Ingress, judged at 5 % and at 50 %.',
  ],
  ['slow', 'Rolled back', 'The same files, and a canary whose 99th percentile is near 700 ms.'],
  [
    'grey-aborted',
    'Held',
    'The same files, and a canary that fails 0.75 % of its requests: neither few nor many enough.',
  ],
] as const;

/** Writes the page anew. */
export async function writePage(told: readonly Told[]): Promise<void> {
  writeGenerated(new Map([[path, await formatted(path, pageOf(told))]]));
}

/** Fails where the committed page says something else of how a scenario ends. */
export function assertTold(told: readonly Told[]): void {
  const rows = readRepositoryFile(path)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const remedy = `${path} says something else: npm run test:argo:page`;
  assert.deepEqual(
    rows.map((cells) => cells[1]),
    told.map(([{ name }]) => `\`${name}\``),
    remedy,
  );
  for (const [index, [{ title }, { ending }]] of told.entries()) {
    const [, , what, rollout, run, measurement = '', message] = rows[index] ?? [];
    assert.deepEqual(
      [what, rollout, run, message],
      [title, ending.rollout, ending.run, ending.message],
      remedy,
    );
    assert.equal(verdictIn(measurement), verdictIn(ending.measurement), remedy);
  }
}

function verdictIn(measurement: string): string | undefined {
  return /"(promote|hold|rollback)"/.exec(measurement)?.[1];
}

function pageOf(told: readonly Told[]): string {
  const rows = told.map(([{ name, title }, { ending }]) => [
    `\`${name}\``,
    title,
    ending.rollout,
    ending.run,
    code(ending.measurement),
    ending.message,
  ]);
  return `# On a real controller

The shipped files have driven real Rollouts: an API server, the controller of Argo Rollouts, this service, and the
requests of two versions of a really trained model, shared out as the Rollout said at that moment. What is here was seen
there. \`npm run test:argo\` plays all of it and fails where a scenario ends in another way than this page says;
\`npm run test:argo:page\` writes the page anew. The files are the shipped ones but for the address of the service, and
for time, which passes twelve times as fast.

## What people see

${shown.map(([name, head, words]) => sectionOf(told, name, head, words)).join('\n\n')}

## All scenarios

The measurement is what Argo stores as the \`value\` of the metric that decided; the message is that of the Rollout, or
that of the AnalysisRun where the Rollout has none.

${markdownTable(['scenario', 'what is played', 'Rollout', 'AnalysisRun', 'measurement', 'message'], rows)}
`;
}

function sectionOf(told: readonly Told[], name: string, head: string, words: string): string {
  const ending = told.find(([scenario]) => scenario.name === name)?.[1].ending;
  if (ending === undefined) throw new Error(`the scenario "${name}" was not played`);
  return `### ${head}

${words}

\`\`\`text
${asShown(ending)}
\`\`\`

The measurement that decided: ${code(ending.measurement)}`;
}

/** Without the marks that few fonts have. */
function asShown({ seen }: Ending): string {
  return seen.trimEnd().replaceAll(/[ \t]+$/gm, '');
}

/** As code, with the brackets that JSON writes as escapes. */
function code(measurement: string): string {
  const readable = measurement.replaceAll('\\u003c', '<').replaceAll('\\u003e', '>');
  return `\`${readable}\``;
}
