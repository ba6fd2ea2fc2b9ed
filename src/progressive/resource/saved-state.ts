import type { FieldError } from '../../domain/errors.js';
import { isRecord } from '../cluster/read-object.js';
import { parseRolloutState } from '../machine/rollout-state-schema.js';
import type { RolloutState } from '../machine/rollout-state.js';
import { readConditions, type Condition } from './condition.js';

/** What a ModelRollout's status remembers. */
export type SavedState =
  /** Nobody has looked at it yet. */
  | { readonly kind: 'new' }
  | {
      readonly kind: 'saved';
      readonly state: RolloutState;
      /** The run that it is about. */
      readonly run: number;
      readonly observedGeneration: number;
    }
  /** Written by another version, or by hand: it is not guessed at. */
  | { readonly kind: 'unreadable'; readonly errors: readonly FieldError[] };

export function readSavedState(status: unknown): SavedState {
  if (!isRecord(status) || status['state'] === undefined) return { kind: 'new' };
  const parsed = parseRolloutState(status['state'], 'status.state');
  if (!parsed.ok) return { kind: 'unreadable', errors: parsed.errors };
  const { run, observedGeneration } = status;
  return {
    kind: 'saved',
    state: parsed.value,
    run: typeof run === 'number' ? run : 1,
    observedGeneration: typeof observedGeneration === 'number' ? observedGeneration : 0,
  };
}

export function conditionsIn(status: unknown): readonly Condition[] {
  return isRecord(status) ? readConditions(status['conditions']) : [];
}
