import { once } from 'node:events';

/** Where a command writes: injected, so that tests read what a person would. */
export interface Console {
  readonly isTerminal: boolean;
  /** Width of the terminal in columns. */
  readonly columns: number;
  out(text: string): void;
  err(text: string): void;
  /** Resolves once what was given to `out` is taken: whoever writes much waits for it. Absent: at once. */
  drained?(): Promise<void>;
}

/** The process's own standard output and error. */
export const processConsole: Console = {
  get isTerminal() {
    return process.stdout.isTTY;
  },
  get columns() {
    return process.stdout.isTTY ? process.stdout.columns : 100;
  },
  out: (text) => {
    process.stdout.write(text);
  },
  err: (text) => {
    process.stderr.write(text);
  },
  drained: async () => {
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  },
};
