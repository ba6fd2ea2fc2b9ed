import type { Console } from '../console.js';
import { printable } from '../output/printable.js';
import { coloursOf, type Colours } from '../output/verdict-table.js';
import { counted } from '../online/words.js';
import type { Finding, LintReport, Severity } from './finding.js';

/** What was found, for a person: `file:line: severity: …`, as editors and CI read it, with the fix below. */
export function findingsText(report: LintReport, console: Console): string {
  const colours = coloursOf(console);
  const blocks = report.findings.map((finding) => findingText(finding, colours));
  return [...blocks, `${summaryOf(report)}\n`].join('');
}

function findingText(finding: Finding, colours: Colours): string {
  const { rule, severity, file, line, object, path, message, fix } = finding;
  const place = printable(`${file}:${line}`);
  const told = printable(`${object} ${path}: ${message}`);
  return `${colours.bold(place)}: ${paint(severity, colours)}: ${told} [${rule}]\n    fix: ${printable(fix)}\n`;
}

function paint(severity: Severity, colours: Colours): string {
  switch (severity) {
    case 'error':
      return colours.red(severity);
    case 'warning':
      return colours.yellow(severity);
    case 'note':
      return colours.cyan(severity);
  }
}

function summaryOf({ findings, files, checked, metrics, skipped }: LintReport): string {
  const [errors, warnings, notes] = (['error', 'warning', 'note'] as const).map(
    (severity) => findings.filter((finding) => finding.severity === severity).length,
  );
  const levels = `${counted(errors ?? 0, 'error')}, ${counted(warnings ?? 0, 'warning')}, ${counted(notes ?? 0, 'note')}`;
  const other = skipped === 0 ? '' : `; ${counted(skipped, 'object')} of other kinds skipped`;
  return `${levels}: ${counted(checked, 'object')} checked in ${counted(files, 'file')}, ${counted(metrics, 'metric')} of ml-verdict in them${other}.`;
}
