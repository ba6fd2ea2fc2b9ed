import { stripVTControlCharacters } from 'node:util';
import type { Console } from '../console.js';

/** A block of lines on a terminal that is drawn over itself; in a pipe it is not drawn at all. */
export class LiveBlock {
  readonly #console: Console;
  #height = 0;

  constructor(console: Console) {
    this.#console = console;
  }

  draw(lines: readonly string[]): void {
    if (!this.#console.isTerminal) return;
    this.erase();
    this.#console.out(lines.map((line) => `${line}\n`).join(''));
    this.#height = lines.reduce((height, line) => height + rowsOf(line, this.#console.columns), 0);
  }

  /** Takes the block away, so that other text can be written. */
  erase(): void {
    if (this.#height > 0) this.#console.out(`\u001b[${this.#height}A\u001b[0J`);
    this.#height = 0;
  }
}

/** How many rows of the terminal a line takes: what does not fit goes on in the next one. */
function rowsOf(line: string, columns: number): number {
  const width = stripVTControlCharacters(line).length;
  return columns > 0 ? Math.max(1, Math.ceil(width / columns)) : 1;
}
