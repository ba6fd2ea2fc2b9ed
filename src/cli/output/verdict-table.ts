import Table from 'cli-table3';
import pc from 'picocolors';
import {
  formatChange,
  formatMilliseconds,
  formatOdds,
  formatPercent,
  trimNumber,
} from '../../domain/units.js';
import type { GuardrailVerdict, Verdict, VerdictDocument } from '../../domain/verdict.js';
import type { Console } from '../console.js';
import { printable } from './printable.js';

/** A document and the file that it was judged from. */
export interface FiledDocument extends VerdictDocument {
  readonly file: string;
}

const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A borderless table in the manner of kubectl. */
export function plainTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    chars: plain,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

export type Colours = ReturnType<typeof pc.createColors>;

/** Colours where the console is a terminal; picocolors itself heeds NO_COLOR. */
export function coloursOf(console: Console): Colours {
  return console.isTerminal ? pc : pc.createColors(false);
}

/** A verdict in its colour, where the terminal has any. */
export function paintVerdict(verdict: Verdict, colours: Colours = pc): string {
  if (verdict === 'promote') return colours.green(verdict);
  return verdict === 'rollback' ? colours.red(verdict) : colours.yellow(verdict);
}

/** One line per document; `wide` adds a line per guardrail and the literal verdict's column. */
export function verdictTable(documents: readonly FiledDocument[], wide: boolean, console: Console): string {
  const colours = coloursOf(console);
  const head = [
    'FILE',
    'AS OF',
    'LOOKS',
    'VERDICT',
    ...(wide ? ['TABLE ALONE', 'STAGE', 'POLICY'] : []),
    'WHY',
  ];
  const rows = documents.map((document) => [
    printable(document.file),
    document.asOf ?? '-',
    String(document.looks),
    paintVerdict(document.verdict, colours),
    ...(wide ? [document.literalVerdict, String(document.stage), document.policy] : []),
    printable(document.measurement[2]),
  ]);
  const summary = plainTable(head, rows);
  return wide || documents.length === 1
    ? `${summary}\n${documents.map((document) => guardrailTable(document, documents.length > 1, colours)).join('\n')}`
    : summary;
}

function guardrailTable(document: FiledDocument, named: boolean, colours: Colours): string {
  const rows = document.guardrails.map((guardrail) => [
    `  ${printable(guardrail.name)}`,
    paintVerdict(guardrail.verdict, colours),
    formatEstimate(guardrail),
    oddsOf(guardrail, 'rollback'),
    oddsOf(guardrail, 'promote'),
    guardrail.reasonCode,
  ]);
  const head = ['  GUARDRAIL', 'VERDICT', 'ESTIMATE', 'EVIDENCE TO ROLL BACK', 'TO PROMOTE', 'REASON'];
  const reasons = document.guardrails
    .map((guardrail) => `  ${printable(`${guardrail.name}: ${guardrail.reason}`)}\n`)
    .join('');
  return `${named ? `${printable(document.file)}\n` : ''}${plainTable(head, rows)}\n${reasons}`;
}

function oddsOf(guardrail: GuardrailVerdict, direction: 'rollback' | 'promote'): string {
  const evidence = guardrail.evidence[direction];
  return evidence === null
    ? '-'
    : `${formatOdds(evidence)} of ${formatOdds(guardrail.evidence[`${direction}Needed`])}`;
}

/** An estimate in its unit: `0.36 %`, `124 ms`, `-6 %`, `0.31`. */
export function formatEstimate(guardrail: GuardrailVerdict): string {
  const { estimate, unit } = guardrail;
  if (estimate === null) return '-';
  switch (unit) {
    case 'fraction':
      return formatPercent(estimate);
    case 'ms':
      return formatMilliseconds(estimate);
    case 'relative-change':
      return formatChange(estimate);
    default:
      return trimNumber(estimate);
  }
}
