/**
 * Reads the small part of the shell's language that the documents use, so that what they show can be tried without a
 * shell: words with quotes, `\` at the end of a line, comments, here-documents, and `NAME=$(node -p '…')`. Anything
 * else is refused: a document that needs more has to be written more simply.
 */
import { execFileSync } from 'node:child_process';

/** One command with its words expanded. */
export interface ShellCommand {
  readonly words: readonly string[];
  /** The here-document, where there is one. */
  readonly input?: string;
}

const hereDocument = /<<(?:'([A-Z]+)'|([A-Z]+))$/;
const assignment = /^([A-Z]+)=\$\(node -p '([^']+)'\)$/;
const refused = /[|&;<>()`*?[\]{}~]/;

/** The commands of a script. Its variables are assigned as the script is read. */
export function readShell(script: string): readonly ShellCommand[] {
  const variables = new Map<string, string>();
  const lines = script.replaceAll(/\\\n\s*/g, '').split('\n');
  const commands: ShellCommand[] = [];
  while (lines.length > 0) {
    const line = (lines.shift() ?? '').trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name, expression] = assignment.exec(line) ?? [];
    if (name !== undefined && expression !== undefined) {
      variables.set(name, execFileSync(process.execPath, ['-p', expression], { encoding: 'utf8' }).trim());
      continue;
    }
    const [operator, quoted, plain] = hereDocument.exec(line) ?? [];
    if (operator === undefined) {
      commands.push({ words: splitWords(line, variables) });
      continue;
    }
    const end = lines.indexOf(quoted ?? plain ?? '');
    if (end < 0) throw new Error(`the here-document of "${line}" has no end`);
    const text = lines
      .splice(0, end + 1)
      .slice(0, -1)
      .join('\n');
    commands.push({
      words: splitWords(line.slice(0, -operator.length), variables),
      input: `${quoted === undefined ? expand(text, variables) : text}\n`,
    });
  }
  return commands;
}

/** The words of a line. Single quotes keep everything as it is, double quotes and none expand `$NAME`. */
export function splitWords(
  line: string,
  variables: ReadonlyMap<string, string> = new Map(),
): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let rest = line;
  while (rest !== '') {
    const [piece, blank, single, double, escaped, plain] =
      /^(?:(\s+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+))/.exec(rest) ?? [];
    if (piece === undefined) throw new Error(`a quote in "${line}" has no end`);
    rest = rest.slice(piece.length);
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    if (plain !== undefined && refused.test(plain))
      throw new Error(`"${plain}" in "${line}" needs a real shell`);
    const value =
      single ??
      escaped ??
      (double === undefined ? expand(plain ?? '', variables) : expand(unescape(double), variables));
    word = (word ?? '') + value;
  }
  return word === undefined ? words : [...words, word];
}

function unescape(text: string): string {
  return text.replaceAll(/\\(["\\])/g, '$1');
}

function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$([A-Z]+)/g, (_, name: string) => {
    const value = variables.get(name);
    if (value === undefined) throw new Error(`$${name} has no value`);
    return value;
  });
}
