import { RecordingBench, type SplitResult } from './measure.js';
import type { CandidateResult } from './results.js';

/** One piece of the bench's work. */
export type Task =
  | { readonly kind: 'split'; readonly table: number; readonly split: number }
  | { readonly kind: 'candidate'; readonly name: string };

export type Answer =
  | { readonly kind: 'split'; readonly table: number; readonly split: number; readonly result: SplitResult }
  | { readonly kind: 'candidate'; readonly result: CandidateResult };

// A process of its own does the tasks that it is sent, one by one, and ends when it is disconnected.
const bench = new RecordingBench();
process.on('message', (task: Task) => {
  const answer: Answer =
    task.kind === 'split'
      ? { ...task, result: bench.measureSplit(task.table, task.split) }
      : { kind: 'candidate', result: bench.measureCandidate(task.name) };
  process.send?.(answer);
});
