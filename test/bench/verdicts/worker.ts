import { runJob, type Job, type JobResult } from './job.js';
import { selectJudges, type JudgeSelection, type JudgesOf } from './judge-selection.js';

/** A process that does jobs one after the other: first it is told the judges, then it answers each job. */
export type WorkerRequest =
  | { readonly kind: 'judges'; readonly selection: JudgeSelection }
  | { readonly kind: 'job'; readonly job: Job };

export type WorkerAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly result: JobResult }
  | { readonly kind: 'failed'; readonly message: string };

let judgesOf: JudgesOf | undefined;

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  if (request.kind === 'judges') {
    judgesOf = await selectJudges(request.selection);
    return { kind: 'ready' };
  }
  if (judgesOf === undefined) throw new Error('expected the judges before the first job');
  return { kind: 'result', result: runJob(request.job, judgesOf) };
}

process.on('message', (request: WorkerRequest) => {
  answer(request)
    .catch((error: unknown): WorkerAnswer => ({
      kind: 'failed',
      message: error instanceof Error ? error.message : String(error),
    }))
    .then((reply) => process.send?.(reply));
});
