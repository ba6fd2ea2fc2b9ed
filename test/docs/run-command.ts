import { runProgram } from '../../src/cli/program.js';

export interface CommandResult {
  /** Standard output and error in the order in which they came. */
  readonly output: string;
  readonly status: number;
}

/** Runs the command line in this process, with an empty environment, as in a pipe. */
export async function runCommand(argv: readonly string[]): Promise<CommandResult> {
  let output = '';
  const write = (text: string) => {
    output += text;
  };
  const console = { isTerminal: false, columns: 100, out: write, err: write };
  const status = await runProgram(argv, { console, env: {} });
  return { output, status };
}
