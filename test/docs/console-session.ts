/** A session on a command line as a document shows it: prompts with commands, and the output under each. */
export interface ConsoleStep {
  readonly command: string;
  /** Standard output and error, as they come. */
  readonly output: string;
}

const prompt = '$ ';

/** The steps of a block; a command goes on in the next line after `\`. */
export function readSession(text: string): readonly ConsoleStep[] {
  const steps: { command: string; output: string }[] = [];
  for (const line of text
    .replaceAll(/\\\n\s*/g, '')
    .trimEnd()
    .split('\n')) {
    const last = steps.at(-1);
    if (line.startsWith(prompt)) steps.push({ command: line.slice(prompt.length), output: '' });
    else if (last === undefined)
      throw new Error(`expected a line that begins with "${prompt}", got "${line}"`);
    else last.output += `${line}\n`;
  }
  return steps;
}
