import type { Console } from '../../../src/cli/console.js';
import { runProgram } from '../../../src/cli/program.js';
import type { VerdictDocument } from '../../../src/domain/verdict.js';

/** How a command ended and what it wrote. */
export interface CommandRun {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** A console that remembers what was written to it. */
export class RecordingConsole implements Console {
  readonly isTerminal: boolean;
  readonly columns: number;
  /** Everything in the order in which it was written. */
  readonly written: { readonly to: 'out' | 'err'; readonly text: string }[] = [];

  constructor({ isTerminal = false, columns = 100 } = {}) {
    this.isTerminal = isTerminal;
    this.columns = columns;
  }

  out(text: string): void {
    this.written.push({ to: 'out', text });
  }

  err(text: string): void {
    this.written.push({ to: 'err', text });
  }

  textTo(stream: 'out' | 'err'): string {
    return this.written
      .filter(({ to }) => to === stream)
      .map(({ text }) => text)
      .join('');
  }
}

/** Runs a command line in this process, as `ml-verdict` would with these arguments and this environment. */
export async function runCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  console = new RecordingConsole(),
): Promise<CommandRun> {
  const status = await runProgram(argv, { console, env });
  return { status, out: console.textTo('out'), err: console.textTo('err') };
}

/** A document as `judge` and `replay` print it. */
export type FiledDocument = VerdictDocument & { readonly file: string };

/** The documents that `-o ndjson` printed: every line is one. */
export function documentsOf(out: string): readonly FiledDocument[] {
  if (out === '') return [];
  if (!out.endsWith('\n')) throw new Error(`the last line does not end: ${out.slice(-80)}`);
  return out
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as FiledDocument);
}
