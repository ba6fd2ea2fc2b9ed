import { formatInstant } from '../../../domain/units.js';
import { rolloutGuarantee } from '../../../progressive/index.js';
import { printable } from '../../output/printable.js';
import { paintVerdict, type Colours } from '../../output/verdict-table.js';
import { refusalText } from '../controller-refusal.js';
import { nextCommand, phaseReason, phaseWords } from './phase-words.js';
import type { ShownRollout } from './shown-rollout.js';
import { stageLine } from './stage-line.js';

const mostHistory = 8;

/** A rollout as a block of lines for people. */
export function rolloutLines(shown: ShownRollout, nowMs: number, colours: Colours): readonly string[] {
  const { name, namespace, target, model, spec, state, refusal } = shown;
  const reason = phaseReason(spec, state, nowMs);
  const verdict = state.lastVerdict;
  const command = nextCommand(state.phase, name, namespace);
  const guarantee =
    rolloutGuarantee(state) === 'none'
      ? `none (${state.guaranteeLosses.join(', ')})`
      : `as the policy "${printable(spec.policy)}" states it`;
  return [
    `${colours.bold(printable(name))}  ${printable(target)}, namespace ${printable(namespace)}, model ${printable(model)}`,
    row('Phase', `${phaseWords(state)}${reason === undefined ? '' : `: ${printable(reason)}`}`),
    ...(refusal === undefined ? [] : [row('Refused', printable(refusalText(refusal)))]),
    row('Stages', stageLine(spec, state, colours)),
    row('Canary', `${printable(state.canary ?? '-')}  ${state.percent} %`),
    row('Stable', printable(state.stable ?? '-')),
    row(
      'Verdict',
      verdict === null
        ? '-'
        : `${paintVerdict(verdict.verdict, colours)} at ${formatInstant(verdict.toMs)}: ${printable(verdict.sentence)}`,
    ),
    row('Guarantee', guarantee),
    ...(command === undefined ? [] : [row('Next', printable(command))]),
    ...state.history
      .slice(-mostHistory)
      .map((entry, index) => row(index === 0 ? 'History' : '', historyText(entry))),
  ];
}

/** One thing that happened. */
export function historyText(entry: {
  readonly atMs: number;
  readonly kind: string;
  readonly text: string;
}): string {
  return `${formatInstant(entry.atMs)}  ${entry.kind}: ${printable(entry.text)}`;
}

function row(title: string, text: string): string {
  return `  ${title.padEnd(9)}  ${text}`;
}
