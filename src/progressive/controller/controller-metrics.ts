import type { RequestVerb } from '../cluster/kubernetes-cluster.js';
import type { ApiAnswer } from '../cluster/cluster-api.js';
import type { TargetAction } from '../machine/action.js';
import type { EndPhase, Phase } from '../machine/phase.js';
import type { TargetResult } from '../target.js';

/** How a rollout stands, as far as it is counted. */
export interface CountedRollout {
  readonly namespace: string;
  readonly name: string;
  /** `refused`: not in order; `in-use`: it waits for the end of another one with the same target. */
  readonly phase: Phase['kind'] | 'refused' | 'in-use';
  readonly percent: number;
}

/** What became of an alert at a receiver. */
export type AlertOutcome = 'delivered' | 'put-off' | 'given-up' | 'dropped';

/** Counts what the controller does. */
export interface ControllerMetrics {
  leading(isLeading: boolean): void;
  /** A rollout came, changed or went; null: it was, or is, not there. */
  rollout(before: CountedRollout | null, after: CountedRollout | null): void;
  ended(end: EndPhase): void;
  patched(target: string, action: TargetAction['kind'], result: TargetResult['kind']): void;
  asked(answer: 'verdict' | 'unavailable'): void;
  /** @param how the kind of its end */
  round(seconds: number, how: string): void;
  /** @param waiting how many rollouts are due and not being looked at */
  queue(waiting: number): void;
  request(verb: RequestVerb, result: ApiAnswer<unknown>['kind']): void;
  alert(receiverKind: string, outcome: AlertOutcome): void;
  /** Whether what the API server tells of the ModelRollouts arrives, from every namespace that is watched. */
  watching(isUp: boolean): void;
}
