import { serveTasks } from './serve-tasks.js';

// A worker of share-work.test.ts: it doubles numbers, and cannot double 13.
serveTasks((task) => {
  if (task === 13) throw new RangeError('13 is not doubled here');
  return 2 * Number(task);
});
