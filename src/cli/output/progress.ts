import { Presets, SingleBar } from 'cli-progress';
import type { Console } from '../console.js';

/** Fewer items than this are done before anybody could read a bar. */
const worthABar = 20;

/** Does something for each item, with a progress bar on a terminal; quiet in a pipe. */
export function withProgress<T>(items: readonly T[], console: Console, work: (item: T) => void): void {
  const bar =
    console.isTerminal && items.length >= worthABar
      ? new SingleBar({ clearOnComplete: true, stream: process.stderr }, Presets.shades_classic)
      : undefined;
  bar?.start(items.length, 0);
  for (const item of items) {
    work(item);
    bar?.increment();
  }
  bar?.stop();
}
