import type { Phase } from '../machine/phase.js';
import { isEnd } from '../machine/phase.js';
import type { ConditionNow, ConditionType } from './condition.js';

/** What the phase means as conditions. */
export function conditionsOf(phase: Phase, message: string): readonly ConditionNow[] {
  const condition = (type: ConditionType, isSo: boolean, text = ''): ConditionNow => ({
    type,
    status: isSo ? 'True' : 'False',
    reason: reasonOf(phase),
    message: isSo ? text : '',
  });
  return [
    { type: 'Accepted', status: 'True', reason: 'Readable', message: '' },
    condition('Progressing', !isEnd(phase), message),
    condition('Paused', phase.kind === 'paused', message),
    condition('Promoted', phase.kind === 'promoted', message),
    condition('RolledBack', phase.kind === 'rolled-back', message),
    condition('Failed', phase.kind === 'failed', message),
  ];
}

/** `NotReady`: the phase, or the cause where it has one. */
function reasonOf(phase: Phase): string {
  return inCamelCase('cause' in phase ? phase.cause : phase.kind);
}

/** `already-at-100` -> `AlreadyAt100`. */
export function inCamelCase(words: string): string {
  return words
    .split('-')
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join('');
}
