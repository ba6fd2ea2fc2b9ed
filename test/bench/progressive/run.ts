/** What a controller costs with 1, 100 and 1,000 rollouts: `npm run bench:progressive`. */
import { plainTable } from '../../../src/cli/output/verdict-table.js';
import {
  applyShippedAccess,
  modelRolloutFile,
} from '../../conformance/progressive/driving/shipped-access.js';
import { measureLoad, type Load } from '../../conformance/progressive/load/measure-load.js';
import { ModelCluster } from '../../conformance/progressive/rig/model-cluster.js';
import { loadHeading, pagePath } from '../../conformance/progressive/scenarios/told-page.js';
import { markdownTable } from '../../support/pages/markdown-table.js';
import { formatted, readRepositoryFile, writeGenerated } from '../../support/pages/repository-files.js';
import { mebibytes } from '../../support/service/process-figures.js';

/** Many rollouts in little time would measure the API server instead. */
const runs = [
  { rollouts: 1, factor: 12, minutes: 6 },
  { rollouts: 100, factor: 8, minutes: 4 },
  { rollouts: 1000, factor: 3, minutes: 3 },
];

const headings = [
  'rollouts',
  'memory',
  'calls a minute',
  'calls a minute and rollout',
  'questions a minute and rollout',
  'processor',
];

function rowOf(load: Load): readonly string[] {
  const { rollouts, memory, callsPerMinute, questionsPerMinute, processorSeconds } = load;
  return [
    rollouts.toLocaleString('en'),
    `${mebibytes(memory)} MiB`,
    callsPerMinute.toFixed(0),
    (callsPerMinute / rollouts).toFixed(1),
    (questionsPerMinute / rollouts).toFixed(1),
    `${((100 * processorSeconds) / 60).toFixed(1)} % of one`,
  ];
}

async function main(): Promise<void> {
  const cluster = await ModelCluster.start({ files: [modelRolloutFile], isBare: true });
  const loads: Load[] = [];
  try {
    await applyShippedAccess(cluster);
    for (const run of runs) loads.push(await measureLoad({ cluster, ...run }));
  } finally {
    await cluster.stop();
  }
  const rows = loads.map(rowOf);
  process.stdout.write(
    plainTable(
      headings.map((heading) => heading.toUpperCase()),
      rows,
    ),
  );
  const kinds = [...(loads.at(-1)?.calls ?? [])].map(([what, count]) => `${what}: ${count.toFixed(0)}`);
  process.stdout.write(`\nof ${loads.at(-1)?.rollouts ?? 0} rollouts, a minute: ${kinds.join(', ')}\n`);
  if (process.env['WRITE_PAGE'] === 'yes') await writeLoad(rows);
}

async function writeLoad(rows: readonly (readonly string[])[]): Promise<void> {
  const page = readRepositoryFile(pagePath).split(loadHeading)[0] ?? '';
  const text = `${page.trimEnd()}

${loadHeading}

One process that drives so many rollouts, all of them in the midst of a stage, where a judge is asked once a minute and
does not decide: the worst case of a quiet day. Counted in the API server's audit log, the lease left out; memory is what
is resident. \`npm run bench:progressive\` measures it.

${markdownTable(headings, rows)}
`;
  writeGenerated(new Map([[pagePath, await formatted(pagePath, text)]]));
}

await main();
