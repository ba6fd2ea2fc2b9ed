import type { Command } from 'commander';
import type { Console } from './console.js';

/** What every command gets: where to write, the environment, and a place for its exit status. */
export interface CommandContext {
  readonly console: Console;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The status that the process ends with; the highest call does not win, the last does. */
  setStatus(status: number): void;
}

/** Adds one command to the program. */
export type AddCommand = (program: Command, context: CommandContext) => void;
