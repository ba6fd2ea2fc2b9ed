import { SingleBar } from 'cli-progress';
import type { Console } from '../console.js';

/** Shows on a terminal how many rows were taken over so far; quiet in a pipe. */
export class RowCounter {
  readonly #bar: SingleBar | undefined;

  /** `isWanted`: whether the terminal is free for it. */
  constructor(console: Console, isWanted: boolean) {
    if (!console.isTerminal || !isWanted) return;
    this.#bar = new SingleBar({ clearOnComplete: true, stream: process.stderr, format: '{value} rows' });
    this.#bar.start(0, 0);
  }

  add(rows: number): void {
    this.#bar?.increment(rows);
  }

  stop(): void {
    this.#bar?.stop();
  }
}
