import assert from 'node:assert/strict';
import { shareWork } from './share-work.js';

async function doubled(tasks: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const answers = new Map<number, number>();
  await shareWork<number, number>(tasks, {
    worker: new URL('doubling-worker.ts', import.meta.url),
    processes: 2,
    onAnswer: (task, answer) => {
      answers.set(task, answer);
    },
  });
  return answers;
}

describe('work shared by processes', () => {
  it('does every task once and gives each its own answer', async () => {
    const answers = await doubled([1, 2, 3, 4, 5]);
    assert.deepEqual(
      [...answers].sort(([left], [right]) => left - right),
      [
        [1, 2],
        [2, 4],
        [3, 6],
        [4, 8],
        [5, 10],
      ],
    );
  });

  it('fails with what a worker says', async () => {
    await assert.rejects(doubled([13]), /13 is not doubled here/);
  });
});
