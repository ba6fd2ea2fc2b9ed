import { listAt, textAt } from './json-at.js';

/** A condition of a status as Kubernetes resources have them. */
export interface Condition {
  readonly status: 'True' | 'False' | 'Unknown';
  /** What it says for people: its message, else its reason; undefined: nothing. */
  readonly text: string | undefined;
}

/** The condition of a type in a list of conditions; undefined where it is not said. */
export function conditionOf(conditions: readonly unknown[], type: string): Condition | undefined {
  const found = conditions.find((condition) => textAt(condition, 'type') === type);
  if (found === undefined) return undefined;
  const status = textAt(found, 'status');
  return {
    status: status === 'True' || status === 'False' ? status : 'Unknown',
    text: textAt(found, 'message') ?? textAt(found, 'reason'),
  };
}

/** The same of a whole resource. */
export function statusConditionOf(object: unknown, type: string): Condition | undefined {
  return conditionOf(listAt(object, 'status', 'conditions'), type);
}
