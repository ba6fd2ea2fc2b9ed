import { setImmediate as nextTurn } from 'node:timers/promises';
import { Presets, SingleBar } from 'cli-progress';
import type { Console } from '../console.js';

/** Fewer items than this are done before anybody could read a bar. */
const worthABar = 20;

/**
 * Does something for each item, with a progress bar on a terminal; quiet in a pipe. Between two items the process can
 * notice that nobody reads its output any more.
 */
export async function withProgress<T>(
  items: readonly T[],
  console: Console,
  work: (item: T) => void,
): Promise<void> {
  const bar =
    console.isTerminal && items.length >= worthABar
      ? new SingleBar({ clearOnComplete: true, stream: process.stderr }, Presets.shades_classic)
      : undefined;
  bar?.start(items.length, 0);
  for (const item of items) {
    work(item);
    bar?.increment();
    await nextTurn();
  }
  bar?.stop();
}
