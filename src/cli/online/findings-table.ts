import { coloursOf, plainTable, type Colours } from '../output/verdict-table.js';
import { printable } from '../output/printable.js';
import type { Console } from '../console.js';
import type { Finding, FindingLevel, OnlineReport } from './finding.js';
import { counted } from './words.js';

/** On a narrower terminal the sentences are as wide as this all the same. */
const narrowest = 40;

const head = ['LEVEL', 'OF', 'CHECK', 'FOUND'];

/** What was found, for a person: a line each, with what to do about it below. */
export function findingsTable({ findings, usable }: OnlineReport, console: Console): string {
  const colours = coloursOf(console);
  const columns = findings.map((finding) => [finding.level, subjectOf(finding), finding.check]);
  const width = [0, 1, 2].reduce(
    (sum, column) => sum + Math.max(...[head, ...columns].map((cells) => cells[column]?.length ?? 0)) + 2,
    0,
  );
  const room = console.isTerminal ? Math.max(narrowest, console.columns - width) : Infinity;
  const rows = findings.map((finding) => [
    paintLevel(finding.level, colours),
    printable(subjectOf(finding)),
    printable(finding.check),
    [finding.found, ...(finding.fix === undefined ? [] : [`fix: ${finding.fix}`])]
      .map((text) => wrapped(printable(text), room))
      .join('\n'),
  ]);
  return `${plainTable(head, rows)}\n${summaryOf(findings, usable)}\n`;
}

/** What a finding is of: `shop/fraud-detector`, or the server itself. */
function subjectOf({ server, namespace, model }: Finding): string {
  return model === undefined ? server : `${namespace ?? ''}/${model}`;
}

function paintLevel(level: FindingLevel, colours: Colours): string {
  if (level === 'ok') return colours.green(level);
  return level === 'error' ? colours.red(level) : colours.yellow(level);
}

function summaryOf(findings: readonly Finding[], usable: boolean): string {
  const [errors, warnings] = (['error', 'warning'] as const).map(
    (level) => findings.filter((finding) => finding.level === level).length,
  );
  const told = `${counted(errors ?? 0, 'error')}, ${counted(warnings ?? 0, 'warning')}`;
  return usable ? `Can be used: ${told}.` : `Cannot be used like this: ${told}.`;
}

/** A text in lines of at most so many characters, broken between words. */
function wrapped(text: string, columns: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > columns && line !== '') {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join('\n');
}
