import { formatPercent } from '../../domain/units.js';
import type { GuardrailVerdict, Verdict } from '../../domain/verdict.js';
import type { Console } from '../console.js';
import { coloursOf, paintVerdict, plainTable, type Colours } from '../output/verdict-table.js';
import type { CandidateRun, PlainEnd } from './candidate-run.js';
import type { Recording } from './recording.js';

const nameWidth = 18;
const barWidth = 30;
const marks: Readonly<Record<Verdict, string>> = { promote: '✓', hold: '·', rollback: '✗' };

/** The live picture after a look: progress and weight, then one line per candidate. */
export function drawLook(
  recording: Recording,
  look: number,
  runs: readonly CandidateRun[],
  console: Console,
): readonly string[] {
  const colours = coloursOf(console);
  const done = Math.round((barWidth * Math.max(0, look)) / recording.looks);
  const weight = look > 0 ? formatPercent(recording.weightOf(look)) : 'none yet';
  const bar = `${'█'.repeat(done)}${'░'.repeat(barWidth - done)}`;
  const names = runs.flatMap((run) => run.latest?.document.guardrails.map((one) => one.name) ?? []);
  return [
    `${bar} look ${Math.max(0, look)} of ${recording.looks}, canary weight ${weight}`,
    colours.dim(`✓ promote  · hold  ✗ rollback    guardrails: ${[...new Set(names)].join(', ')}`),
    ...runs.map((run) => candidateLine(run, console, colours)),
  ];
}

function candidateLine(run: CandidateRun, console: Console, colours: Colours): string {
  const name = run.candidate.name.padEnd(nameWidth);
  const { latest, end } = run;
  if (latest === undefined) return `${name}waiting for its first look`;
  const { document } = latest;
  const symbols = document.guardrails.map((one) => symbolOf(one, colours)).join(' ');
  const verdict = `${paintVerdict(document.verdict, colours)}${' '.repeat(10 - document.verdict.length)}`;
  const told =
    end === undefined ? document.measurement[2] : `at look ${end.look}: ${document.measurement[2]}`;
  const room = Math.max(20, console.columns - nameWidth - 2 * document.guardrails.length - 13);
  return `${name}${symbols}  ${verdict}${told.length > room ? `${told.slice(0, room - 1)}…` : told}`;
}

function symbolOf(guardrail: GuardrailVerdict, colours: Colours): string {
  const mark = marks[guardrail.verdict];
  if (guardrail.verdict === 'promote') return colours.green(mark);
  return guardrail.verdict === 'rollback' ? colours.red(mark) : colours.yellow(mark);
}

/** The table at the end: what ml-verdict did, and what the plain thresholds would have done. */
export function drawSummary(runs: readonly CandidateRun[], console: Console): string {
  const colours = coloursOf(console);
  const rows = runs.map((run) => [run.candidate.name, endOf(run, colours), plainOf(run.plain)]);
  const reasons = runs.flatMap((run) => {
    const { latest } = run;
    return latest === undefined
      ? []
      : [`  ${run.candidate.name.padEnd(nameWidth)}${latest.document.measurement[2]}`];
  });
  return `${plainTable(['CANDIDATE', 'ML-VERDICT', 'PLAIN THRESHOLDS'], rows)}\nWhy:\n${reasons.join('\n')}\n`;
}

function endOf(run: CandidateRun, colours: Colours): string {
  const { end, onHold } = run;
  const held = onHold === undefined ? '' : `held from look ${onHold.look} (${onHold.guardrail})`;
  if (end === undefined) return colours.yellow(held === '' ? 'held to the end' : `${held}, a person decides`);
  const before = held === '' ? '' : `${colours.yellow(held)}, `;
  return end.kind === 'promoted'
    ? `${before}${colours.green(`promoted at look ${end.look}`)}`
    : `${before}${colours.red(`rolled back at look ${end.look}`)}`;
}

/** What they say first, which guardrail it was, and how often they say rollback. */
function plainOf({ first, rollback, rollbackLooks, looks }: PlainEnd): string {
  if (first === undefined) return 'nothing';
  const breached = rollback === undefined ? '' : ` (${rollback.guardrails.join(', ')})`;
  const often = rollback === undefined ? '' : `; rollback in ${rollbackLooks} of ${looks} looks`;
  if (first.verdict === 'rollback') return `roll back at look ${first.look}${breached}${often}`;
  const later = rollback === undefined ? '' : `, roll back at look ${rollback.look}${breached}${often}`;
  return `promote at look ${first.look}${later}`;
}
