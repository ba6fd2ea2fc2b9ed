import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Answer, Task } from './measure-apart.js';

/** Does all tasks on at most two cores and gives their answers in the order in which they come. */
export async function runTasks(
  tasks: readonly Task[],
  onAnswer: (answer: Answer, done: number) => void,
): Promise<void> {
  const waiting = [...tasks];
  let done = 0;
  const workers = Math.min(2, availableParallelism());
  await Promise.all(
    Array.from({ length: workers }, async () => {
      await runWorker(
        () => waiting.shift(),
        (answer) => {
          done += 1;
          onAnswer(answer, done);
        },
      );
    }),
  );
}

function runWorker(nextTask: () => Task | undefined, onAnswer: (answer: Answer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('./measure-apart.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
    });
    const next = () => {
      const task = nextTask();
      if (task === undefined) child.disconnect();
      else child.send(task);
    };
    child.on('message', (answer: Answer) => {
      onAnswer(answer);
      next();
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a process of the bench ended with status ${code ?? 'unknown'}`));
    });
    next();
  });
}
