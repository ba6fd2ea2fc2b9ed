import { describeFieldError, type FieldError } from '../../domain/errors.js';
import { isRecord } from '../cluster/read-object.js';
import { dated, type Condition } from './condition.js';
import { conditionsIn } from './saved-state.js';
import { toTheSecond } from './to-the-second.js';

const shownErrors = 5;

/** Why a ModelRollout is not driven. */
export interface Refused {
  readonly reason: 'InvalidSpec' | 'UnreadableState';
  readonly errors: readonly FieldError[];
}

export function describeRefusal({ reason, errors }: Refused): string {
  const shown = errors.slice(0, shownErrors).map(describeFieldError).join('; ');
  const more = errors.length > shownErrors ? ` (and ${errors.length - shownErrors} more)` : '';
  const what = reason === 'InvalidSpec' ? 'The spec is not valid' : 'The state cannot be read';
  return `${what}, nothing is driven: ${shown}${more}`;
}

/**
 * The status of one that is not driven: all that was there, and the condition that says so. Undefined where it says so
 * already.
 */
export function refusedStatus(
  status: unknown,
  refused: Refused,
  generation: number,
  nowMs: number,
): Readonly<Record<string, unknown>> | undefined {
  const before = conditionsIn(status);
  const message = describeRefusal(refused);
  const condition = { type: 'Accepted', status: 'False', reason: refused.reason, message } as const;
  const [accepted] = dated([condition], before, { generation, at: toTheSecond(nowMs) });
  if (accepted === undefined) return undefined;
  const old = before.find(({ type }) => type === 'Accepted');
  if (old !== undefined && isSame(old, accepted)) return undefined;
  const others = before.filter(({ type }) => type !== 'Accepted');
  return { ...(isRecord(status) ? status : {}), conditions: [accepted, ...others] };
}

function isSame(one: Condition, other: Condition): boolean {
  return (
    one.status === other.status &&
    one.reason === other.reason &&
    one.message === other.message &&
    one.observedGeneration === other.observedGeneration
  );
}
