import { serveTasks } from '../../support/processes/serve-tasks.js';
import { RecordingBench, type SplitResult } from './measure.js';
import type { CandidateResult } from './results.js';

/** One piece of the bench's work. */
export type Task =
  | { readonly kind: 'split'; readonly table: number; readonly split: number }
  | { readonly kind: 'candidate'; readonly name: string };

export type Answer =
  | { readonly kind: 'split'; readonly table: number; readonly split: number; readonly result: SplitResult }
  | { readonly kind: 'candidate'; readonly result: CandidateResult };

const bench = new RecordingBench();

serveTasks((sent): Answer => {
  const task = sent as Task;
  return task.kind === 'split'
    ? { ...task, result: bench.measureSplit(task.table, task.split) }
    : { kind: 'candidate', result: bench.measureCandidate(task.name) };
});
