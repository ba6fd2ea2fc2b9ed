import { parseArgs } from 'node:util';
import { writeGenerated } from '../../support/pages/repository-files.js';
import { shareWork } from '../../support/processes/share-work.js';
import { filesOf, readResults } from './files.js';
import { gatherResults } from './gather.js';
import { RecordingBench, type SplitResult } from './measure.js';
import type { CandidateResult, RecordingResults } from './results.js';
import { splitPlans, splits } from './split-plans.js';
import type { Answer, Task } from './worker.js';

const usage = `npm run bench:recordings               judges the recorded canaries anew; writes docs/real-recordings.json, .md and its pictures
npm run bench:recordings -- --render   judges nothing: makes page and pictures anew from docs/real-recordings.json
`;

/** How many processes share the work. */
const processes = 2;

async function measure(): Promise<RecordingResults> {
  const bench = new RecordingBench();
  const tables = splitPlans.map((_, table) => ({
    steps: bench.stepsOf(table),
    splits: new Array<SplitResult | undefined>(splits).fill(undefined),
  }));
  const candidates = new Map<string, CandidateResult>();
  const tasks: readonly Task[] = [
    ...bench.candidateNames.map((name): Task => ({ kind: 'candidate', name })),
    ...splitPlans.flatMap((_, table) =>
      Array.from({ length: splits }, (__, split): Task => ({ kind: 'split', table, split })),
    ),
  ];
  await shareWork<Task, Answer>(tasks, {
    worker: new URL('worker.ts', import.meta.url),
    processes,
    onAnswer: (_, answer) => {
      if (answer.kind === 'candidate') {
        candidates.set(answer.result.name, answer.result);
        return;
      }
      const table = tables[answer.table];
      if (table !== undefined) table.splits[answer.split] = answer.result;
    },
  });
  return gatherResults(
    bench.judges,
    tables.map((table) => ({ ...table, splits: table.splits.filter((one) => one !== undefined) })),
    bench.candidateNames.flatMap((name) => candidates.get(name) ?? []),
  );
}

try {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      render: { type: 'boolean', default: false },
    },
  });
  if (values.help) process.stdout.write(usage);
  else writeGenerated(await filesOf(values.render ? readResults() : await measure()));
} catch (error) {
  process.stderr.write(`bench:recordings: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
