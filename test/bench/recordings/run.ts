import { mkdirSync, writeFileSync } from 'node:fs';
import { gatherResults } from './gather.js';
import { RecordingBench, type SplitResult } from './measure.js';
import { renderFiles, resultsFile, resultsText } from './pages.js';
import type { CandidateResult } from './results.js';
import { runTasks } from './run-tasks.js';
import { splitPlans, splits } from './split-plans.js';
import type { Task } from './measure-apart.js';

/** `npm run bench:recordings`: judges the recorded canaries anew and writes the page, its pictures and its figures. */

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

await runTasks(tasks, (answer, done) => {
  if (answer.kind === 'candidate') candidates.set(answer.result.name, answer.result);
  else {
    const table = tables[answer.table];
    if (table !== undefined) table.splits[answer.split] = answer.result;
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${tasks.length}`);
});
if (process.stderr.isTTY) process.stderr.write('\n');

const results = gatherResults(
  bench.judges,
  tables.map((table) => ({ ...table, splits: table.splits.filter((one) => one !== undefined) })),
  bench.candidateNames.flatMap((name) => candidates.get(name) ?? []),
);
const files = [{ path: resultsFile, text: await resultsText(results) }, ...(await renderFiles(results))];
for (const { path, text } of files) {
  const file = new URL(`../../../${path}`, import.meta.url);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`wrote ${path}\n`);
}
