import type { Action } from './action.js';
import { targetActionOf } from './target-action-of.js';
import { verdictRequestOf } from './verdict-request-of.js';
import { wakeAtMs } from './wake-at.js';
import type { Situation } from './situation.js';

/** What a state asks for, given how the target stands: the change of the target first. */
export function actionsOf(situation: Situation): readonly Action[] {
  const change = targetActionOf(situation);
  const request = verdictRequestOf(situation);
  const atMs = wakeAtMs(situation);
  return [
    ...(change === undefined ? [] : [change]),
    ...situation.state.outbox.map((alert) => ({ kind: 'alert', alert }) as const),
    ...(request === undefined ? [] : [{ kind: 'ask-verdict', request } as const]),
    ...(atMs === undefined ? [] : [{ kind: 'wait-until', atMs } as const]),
  ];
}
