/** The page that shows what people see: written by `npm run test:progressive:page`, and held against every run. */
import assert from 'node:assert/strict';
import { markdownTable } from '../../../support/pages/markdown-table.js';
import { formatted, readRepositoryFile, writeGenerated } from '../../../support/pages/repository-files.js';
import type { Ending, Scenario } from './scenario.js';

export const pagePath = 'docs/on-a-real-kserve.md';

/** A scenario and how it ended. */
export type Told = readonly [Scenario, Ending];

export interface PageFigures {
  /** How much faster than in reality time passed. */
  readonly factor: number;
  readonly loadSeconds: number;
}

/** Writes the page anew; what a benchmark has written into it stays. */
export async function writePage(told: readonly Told[], figures: PageFigures): Promise<void> {
  writeGenerated(new Map([[pagePath, await formatted(pagePath, pageOf(told, figures))]]));
}

/** Fails where the committed page says something else of how a scenario ends. */
export function assertTold(told: readonly Told[]): void {
  const rows = readRepositoryFile(pagePath)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length === 7);
  const sharesAt = 3;
  const comparable = (cells: readonly string[], index: number): readonly string[] =>
    told[index]?.[0].hasForeignShares === true ? cells.toSpliced(sharesAt, 1) : cells;
  const remedy = `${pagePath} says something else: npm run test:progressive:page`;
  assert.deepEqual(
    rows.map((cells, index) => comparable(cells.slice(1, 5), index)),
    told.map(([scenario, ending], index) => comparable(rowOf(scenario, ending).slice(0, 4), index)),
    remedy,
  );
}

function rowOf({ name, title }: Scenario, { end, percents, message }: Ending): readonly string[] {
  return [`\`${name}\``, title, end, percents.length === 0 ? 'none' : percents.join(', '), message];
}

function pageOf(told: readonly Told[], { factor, loadSeconds }: PageFigures): string {
  const endingOf = (name: string): Ending => {
    const ending = told.find(([scenario]) => scenario.name === name)?.[1];
    if (ending === undefined) throw new Error(`the scenario "${name}" was not played`);
    return ending;
  };
  const recovered = told.filter(([, { recovery }]) => recovery !== undefined);
  return `# On a real KServe

Canaries of KServe and Seldon have been driven here: a real API server, the real controller of KServe 0.20.0, two replicas
of \`ml-verdict controller\` with the rights that the shipped files give them and no others, this service, and the requests
of two versions of a really trained model, shared out as the status of the platform said at that moment. Knative's and
Seldon's own parts are played by stand-ins, and nothing runs a model; a new model takes ${loadSeconds} s until it is
ready. \`npm run test:progressive\` plays all of it and fails where a scenario ends in another way than this page says;
\`npm run test:progressive:page\` writes the page anew. Time passes ${factor} times as fast. What the machinery needs for
itself is real, and so counts ${factor}-fold in the figures: they are on the safe side.

## How long users have a bad canary

From the beginning of the first minute in which it was bad to the decision, and from there to zero weight in the status of
the platform. The decision takes as long as the evidence does; nothing has to be loaded for going back. For comparison
stands at the end what it takes to put the old model in the place of the bad one, which is what going back means without a
canary: it has to load first, and KServe gives the bad one everything meanwhile.

${markdownTable(
  ['scenario', 'bad until the decision', 'from there to zero'],
  recovered.map(([{ name }, { recovery }]) => [
    `\`${name}\``,
    name === 'redeployed' ? 'a person decides' : `${Math.round(recovery?.decidedSeconds ?? 0)} s`,
    `${(recovery?.zeroSeconds ?? 0).toFixed(0)} s`,
  ]),
)}

## All scenarios

The shares are what the canary had of the traffic, as the platform told it. Those of the default stages have 300 s of
stabilisation and at least 300 s of analysis each; others have shorter ones, where it is not what they find that counts.

${markdownTable(
  ['scenario', 'what is played', 'end', 'shares', 'message'],
  told.map(([scenario, ending]) => rowOf(scenario, ending)),
)}

## What was sent

To the InferenceService of the healthy canary, as the API server's audit log has it. Each patch holds only while the
resource, the model and the share are what they were when it was decided.

${patchBlock(endingOf('healthy').patches)}

Back to zero from the first stage, which holds whatever the share is by then:

${patchBlock(endingOf('errors').patches.slice(-1))}

## What people are told

${['healthy', 'errors', 'undecided'].map((name) => alertsOf(name, endingOf(name))).join('\n\n')}

What a real Alertmanager had of the canary that fails requests:

\`\`\`json
${JSON.stringify(rollingBackOf(endingOf('errors')), null, 2)}
\`\`\`

${keptLoad()}
`;
}

function rollingBackOf({ firing }: Ending) {
  return firing.find(({ labels }) => labels['alertname'] === 'MLVerdictRolloutRollingBack');
}

/** An operation a line, a patch a paragraph. */
function patchBlock(patches: readonly string[]): string {
  const lines = patches.map((patch) =>
    (JSON.parse(patch) as unknown[]).map((operation) => JSON.stringify(operation)).join('\n'),
  );
  return `\`\`\`text\n${lines.join('\n\n')}\n\`\`\``;
}

function alertsOf(name: string, { alerts }: Ending): string {
  const rows = alerts.map(({ kind, severity, percent, text }) => [kind, severity, `${percent} %`, text]);
  return `### \`${name}\`\n\n${markdownTable(['alert', 'severity', 'share', 'text'], rows)}`;
}

export const loadHeading = '## What a controller costs';

/** What the benchmark has written, which is the last part of the page; empty where it was never run. */
function keptLoad(): string {
  let page: string;
  try {
    page = readRepositoryFile(pagePath);
  } catch {
    return '';
  }
  const at = page.indexOf(loadHeading);
  return at === -1 ? '' : page.slice(at);
}
