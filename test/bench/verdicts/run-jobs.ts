import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Job, JobResult } from './job.js';
import type { JudgeSelection } from './judge-selection.js';
import type { WorkerAnswer, WorkerRequest } from './worker.js';

export interface JobSettings {
  readonly selection: JudgeSelection;
  /** How many processes share the work. */
  readonly processes: number;
  readonly onResult: (job: Job, result: JobResult) => void;
}

/**
 * Does all jobs in worker processes, each taking the next one as soon as it is free.
 *
 * @throws Error with the worker's message where a job fails
 */
export async function runJobs(jobs: readonly Job[], settings: JobSettings): Promise<void> {
  const waiting = [...jobs].reverse();
  const workers = Array.from({ length: Math.min(settings.processes, jobs.length) }, startWorker);
  try {
    await Promise.all(
      workers.map(async (worker) => {
        await ask(worker, { kind: 'judges', selection: settings.selection });
        for (let job = waiting.pop(); job !== undefined; job = waiting.pop()) {
          const answer = await ask(worker, { kind: 'job', job });
          if (answer.kind === 'result') settings.onResult(job, answer.result);
        }
      }),
    );
  } finally {
    for (const worker of workers) worker.kill();
  }
}

function startWorker(): ChildProcess {
  return fork(fileURLToPath(new URL('worker.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
}

async function ask(worker: ChildProcess, request: WorkerRequest): Promise<WorkerAnswer> {
  const ended = new AbortController();
  const exit = once(worker, 'exit', { signal: ended.signal }).then(() => {
    throw new Error('a worker process ended before its work was done');
  });
  const message = once(worker, 'message', { signal: ended.signal });
  worker.send(request);
  try {
    const [answer] = (await Promise.race([message, exit])) as [WorkerAnswer];
    if (answer.kind === 'failed') throw new Error(answer.message);
    return answer;
  } finally {
    // Whichever of the two did not happen is rejected by this; nobody waits for it any more.
    exit.catch(() => undefined);
    message.catch(() => undefined);
    ended.abort();
  }
}
