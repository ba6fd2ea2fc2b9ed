import { describeFieldError, type FieldError } from '../../domain/errors.js';
import { isRecord } from '../cluster/read-object.js';
import { dated, type Condition, type ConditionNow, type ConditionType } from './condition.js';
import { cut } from './cut.js';
import { conditionsIn } from './saved-state.js';
import { toTheSecond } from './to-the-second.js';

const shownErrors = 5;
const longestMessage = 4000;
const endConditions: ReadonlySet<string> = new Set(['Promoted', 'RolledBack', 'Failed']);

/** Why a ModelRollout is not driven. */
export type Refused =
  | { readonly reason: 'InvalidSpec' | 'UnreadableState'; readonly errors: readonly FieldError[] }
  /** Another one drives what it is about. */
  | { readonly reason: 'TargetInUse'; readonly target: string; readonly owner: string }
  /** It is only there until those that wait for its end are done. */
  | { readonly reason: 'BeingDeleted' };

export function describeRefusal(refused: Refused): string {
  switch (refused.reason) {
    case 'TargetInUse':
      return `${refused.target} is driven by the ModelRollout ${refused.owner}; nothing is driven here until that one has ended.`;
    case 'BeingDeleted':
      return 'It is being deleted, nothing is driven.';
    case 'InvalidSpec':
      return `The spec is not valid, nothing is driven: ${describeErrors(refused.errors)}`;
    case 'UnreadableState':
      return `The state cannot be read, nothing is driven: ${describeErrors(refused.errors)}`;
  }
}

function describeErrors(errors: readonly FieldError[]): string {
  const shown = errors.slice(0, shownErrors).map(describeFieldError).join('; ');
  return errors.length > shownErrors ? `${shown} (and ${errors.length - shownErrors} more).` : `${shown}.`;
}

/**
 * The status of one that is not driven: all that was there, and the conditions that say so. Undefined where it says so
 * already.
 */
export function refusedStatus(
  status: unknown,
  refused: Refused,
  generation: number,
  nowMs: number,
): Readonly<Record<string, unknown>> | undefined {
  const before = conditionsIn(status);
  const { reason } = refused;
  const message = cut(describeRefusal(refused), longestMessage);
  const isFalse = (type: ConditionType): ConditionNow => ({ type, status: 'False', reason, message });
  const hasEnded = before.some(({ type, status: is }) => endConditions.has(type) && is === 'True');
  // One that has ended keeps the reason of its end.
  const changed = [isFalse('Accepted'), ...(hasEnded ? [] : [isFalse('Progressing')])];
  const conditions = dated(changed, before, { generation, at: toTheSecond(nowMs) });
  const isNew = conditions.some((now) => !before.some((old) => isSame(old, now)));
  if (!isNew) return undefined;
  const others = before.filter(({ type }) => !changed.some((one) => one.type === type));
  return { ...(isRecord(status) ? status : {}), conditions: [...conditions, ...others] };
}

/** Whether a status says that its ModelRollout is not driven. */
export function isRefused(status: unknown): boolean {
  return conditionsIn(status).some(({ type, status: is }) => type === 'Accepted' && is === 'False');
}

function isSame(one: Condition, other: Condition): boolean {
  return (
    one.type === other.type &&
    one.status === other.status &&
    one.reason === other.reason &&
    one.message === other.message &&
    one.observedGeneration === other.observedGeneration
  );
}
