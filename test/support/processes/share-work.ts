import { Presets, SingleBar } from 'cli-progress';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Reply } from './serve-tasks.js';

export interface SharedWork<Task, Answer> {
  /** The module of the worker processes, which calls `serveTasks`. */
  readonly worker: URL;
  /** What a worker finds in `process.argv` from the third place on. */
  readonly argv?: readonly string[];
  /** How many processes share the work. */
  readonly processes: number;
  readonly onAnswer: (task: Task, answer: Answer) => void;
}

/**
 * Does all tasks in processes of their own, each taking the next task as soon as it is free; on a terminal, a bar shows
 * how far it is. Tasks and answers are plain data or maps of it.
 *
 * @throws Error with the worker's message where a task fails
 */
export async function shareWork<Task, Answer>(
  tasks: readonly Task[],
  { worker, argv = [], processes, onAnswer }: SharedWork<Task, Answer>,
): Promise<void> {
  const waiting = [...tasks].reverse();
  const bar = progressBar(tasks.length);
  const children = Array.from({ length: Math.min(processes, tasks.length) }, () =>
    fork(fileURLToPath(worker), argv, { execArgv: ['--import', 'tsx'], serialization: 'advanced' }),
  );
  try {
    await Promise.all(
      children.map(async (child) => {
        for (let task = waiting.pop(); task !== undefined; task = waiting.pop()) {
          onAnswer(task, (await ask(child, task)) as Answer);
          bar?.increment();
        }
      }),
    );
  } finally {
    bar?.stop();
    for (const child of children) child.kill();
  }
}

function progressBar(total: number): SingleBar | undefined {
  if (!process.stderr.isTTY) return undefined;
  const bar = new SingleBar(
    { clearOnComplete: true, stream: process.stderr, format: '{bar} {percentage}% | {eta_formatted} left' },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return bar;
}

async function ask(child: ChildProcess, task: unknown): Promise<unknown> {
  const ended = new AbortController();
  const exit = once(child, 'exit', { signal: ended.signal }).then(() => {
    throw new Error('a worker process ended before its work was done');
  });
  const message = once(child, 'message', { signal: ended.signal });
  child.send({ task });
  try {
    const [reply] = (await Promise.race([message, exit])) as [Reply];
    if (reply.kind === 'failed') throw new Error(reply.message);
    return reply.answer;
  } finally {
    // Whichever of the two did not happen is rejected by this; nobody waits for it any more.
    exit.catch(() => undefined);
    message.catch(() => undefined);
    ended.abort();
  }
}
