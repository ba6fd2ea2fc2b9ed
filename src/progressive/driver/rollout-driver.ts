import type { Action, TargetAction } from '../machine/action.js';
import { afterAction } from '../machine/after-action.js';
import type { Alert } from '../machine/alert.js';
import { next } from '../machine/next.js';
import { acknowledge } from '../machine/notify.js';
import { isEnd } from '../machine/phase.js';
import type { RolloutSpec } from '../machine/rollout-spec.js';
import type { RolloutState } from '../machine/rollout-state.js';
import type { StageVerdict, Unanswered } from '../machine/stage-verdict.js';
import type { TargetState } from '../machine/target-state.js';
import type { VerdictRequest } from '../machine/verdict-request.js';
import type { Target, TargetResult } from '../target.js';
import { askAsKnown, subjectOf, type KnownVersions } from './ask-as-known.js';
import { isSameState } from './is-same-state.js';
import type { RolloutStore } from './rollout-store.js';
import type { JudgedModel, StageAnswer, StageJudge } from './stage-judge.js';

/** What one rollout is driven with. */
export interface DriverParts {
  readonly target: Target;
  readonly judge: StageJudge;
  readonly store: RolloutStore;
  readonly model: JudgedModel;
  /** How the judge knows the two versions, where that is not what the target calls them. */
  readonly versions?: KnownVersions | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Is called when there is something new to make a round of: an answer of the judge. */
  readonly wake: () => void;
  /** Is called with every alert that is not acknowledged, in every round: the same key is the same alert. Must not block. */
  readonly onAlert: (alert: Alert) => void;
  /** Is told what was done, for logs and metrics. */
  readonly observer?: DriverObserver | undefined;
}

/** Listens to what a driver does. */
export interface DriverObserver {
  changed?(action: TargetAction, result: TargetResult): void;
  answered?(answer: StageAnswer): void;
  failed?(error: unknown): void;
  observed?(reading: TargetState): void;
}

/** How a round ended. */
export type Round =
  /** Come again by then, or when something changes. */
  | { readonly kind: 'again'; readonly atMs: number }
  /** Nothing will be changed any more. Alerts may still be waiting to be acknowledged. */
  | { readonly kind: 'ended' }
  /** Somebody else wrote the state: read it again, with a new driver. */
  | { readonly kind: 'stale' }
  /** The rollout itself was deleted. */
  | { readonly kind: 'gone' }
  /** The cluster did not answer: come again later and later. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/**
 * Drives one rollout, a round at a time: reads the target, lets the machine decide, saves the state, and only then acts.
 * Rounds of one driver do not overlap. The judge is asked beside the rounds, so that a slow answer delays no command.
 */
export class RolloutDriver {
  readonly #parts: DriverParts;
  #state: RolloutState;
  /** What the store has; undefined: not known to have anything. */
  #saved: RolloutState | undefined;
  #answer: StageVerdict | Unanswered | null = null;
  #asking: { readonly request: VerdictRequest; readonly abort: AbortController } | undefined;
  #unanswered: { readonly request: VerdictRequest; readonly untilMs: number } | undefined;
  #acknowledged: readonly string[] = [];

  /** @param isSaved whether the store has that state already */
  constructor(parts: DriverParts, state: RolloutState, { isSaved = false } = {}) {
    this.#parts = parts;
    this.#state = withoutVerdictOnOthers(state, parts);
    this.#saved = isSaved ? state : undefined;
  }

  get state(): RolloutState {
    return this.#state;
  }

  /** Alerts that have reached everybody are forgotten with the next round. */
  acknowledge(keys: readonly string[]): void {
    this.#acknowledged = [...this.#acknowledged, ...keys];
  }

  /** Gives up what is being asked. The target stays as it is. */
  stop(): void {
    this.#asking?.abort.abort();
    this.#asking = undefined;
  }

  /** One round. Once the signal is aborted nothing more is changed; the round then ends as `stale`. */
  async round(spec: RolloutSpec, signal: AbortSignal): Promise<Round> {
    const { target, observer, now } = this.#parts;
    const isOver = () => signal.aborted;
    const reading = await target.observe(signal);
    observer?.observed?.(reading);
    if (isOver()) return { kind: 'stale' };
    const given = acknowledge(this.#state, this.#acknowledged);
    this.#acknowledged = [];
    const step = next(spec, given, reading, this.#answer, now());
    this.#answer = null;
    this.#state = step.state;
    const saved = await this.#save(signal);
    if (isOver() || saved.kind === 'conflict') return { kind: 'stale' };
    if (saved.kind === 'gone') return { kind: 'gone' };
    // What is not saved is not done, but for going to zero: that is right whatever else is remembered.
    const isUnsaved = saved.kind === 'unavailable';
    const change = step.actions.find(isTargetAction);
    const result = await this.#change(change, isUnsaved, signal);
    if (isOver()) return { kind: 'stale' };
    for (const action of step.actions) this.#tell(action, isUnsaved);
    if (isUnsaved) return { kind: 'unavailable', reason: saved.reason };
    if (result?.kind === 'unavailable') return { kind: 'unavailable', reason: result.reason };
    // Zero is asked for again by itself: later and later, so that whoever refuses it is not asked without end.
    if (result?.kind === 'refused' && change?.kind === 'roll-back') {
      return { kind: 'unavailable', reason: `the rollback was refused: ${result.reason}` };
    }
    if (reading.kind === 'unavailable') return { kind: 'unavailable', reason: reading.reason };
    if (isEnd(this.#state.phase)) return { kind: 'ended' };
    const wait = step.actions.find((action) => action.kind === 'wait-until');
    // A refusal changes what is to be done next.
    const isRefused = result?.kind === 'refused';
    return { kind: 'again', atMs: isRefused ? now() : this.#sooner(wait?.atMs ?? now() + 60_000) };
  }

  async #save(signal: AbortSignal) {
    if (this.#saved !== undefined && isSameState(this.#saved, this.#state)) return { kind: 'saved' } as const;
    const state = this.#state;
    const saved = await this.#parts.store.save(state, signal);
    if (saved.kind === 'saved') this.#saved = state;
    return saved;
  }

  async #change(
    action: TargetAction | undefined,
    isUnsaved: boolean,
    signal: AbortSignal,
  ): Promise<TargetResult | undefined> {
    if (action === undefined || signal.aborted) return undefined;
    if (isUnsaved && action.kind !== 'roll-back') return undefined;
    const result = await this.#send(action, signal);
    this.#parts.observer?.changed?.(action, result);
    this.#state = afterAction(this.#state, action, result);
    return result;
  }

  #send(action: TargetAction, signal: AbortSignal): Promise<TargetResult> {
    const { target } = this.#parts;
    switch (action.kind) {
      case 'set-weight':
        return target.setWeight(action, signal);
      case 'roll-back':
        return target.rollBack(action, signal);
      case 'promote':
        return target.promote(action, signal);
    }
  }

  #tell(action: Action, isUnsaved: boolean): void {
    if (action.kind === 'ask-verdict') this.#ask(action.request);
    // An alert that is told before it is saved would be told again under another number.
    if (action.kind === 'alert' && !isUnsaved) this.#parts.onAlert(action.alert);
  }

  #ask(request: VerdictRequest): void {
    if (isSameRequest(this.#asking?.request, request)) return;
    const { judge, model, versions, now, wake, observer } = this.#parts;
    const unanswered = this.#unanswered;
    if (
      unanswered !== undefined &&
      isSameRequest(unanswered.request, request) &&
      now() < unanswered.untilMs
    ) {
      return;
    }
    this.stop();
    const abort = new AbortController();
    this.#asking = { request, abort };
    const asked = askAsKnown(judge, model, request, versions, abort.signal).catch(
      (error: unknown): StageAnswer => {
        // A mistake of ours while one rollout is judged must not end the process that drives all of them.
        observer?.failed?.(error);
        return { kind: 'unavailable', reason: 'internal error' };
      },
    );
    void asked.then((answer) => {
      if (this.#asking?.abort !== abort) return;
      this.#asking = undefined;
      observer?.answered?.(answer);
      if (answer.kind === 'verdict') this.#answer = answer.verdict;
      // A verdict that no round has read yet is not lost to what came after it.
      else if (this.#answer === null || 'unanswered' in this.#answer) {
        this.#answer = { unanswered: answer.reason };
      }
      const isWhole = answer.kind === 'verdict' && answer.verdict.toMs >= request.toMs;
      this.#unanswered = isWhole ? undefined : { request, untilMs: now() + retryMs };
      wake();
    });
  }

  /** A question that nobody answered, or only for looks before the newest, is asked again before the next look. */
  #sooner(atMs: number): number {
    const retryAtMs = this.#unanswered?.untilMs ?? Infinity;
    return retryAtMs > this.#parts.now() ? Math.min(atMs, retryAtMs) : atMs;
  }
}

const retryMs = 15_000;

/** Which model is judged may be edited: a verdict on the traffic of another one lets nobody on. */
function withoutVerdictOnOthers(state: RolloutState, { model, versions }: DriverParts): RolloutState {
  const subject = state.lastVerdict?.subject;
  const isOther = subject !== undefined && subject !== subjectOf(model, versions);
  return isOther ? { ...state, lastVerdict: null } : state;
}

function isTargetAction(action: Action): action is TargetAction {
  return action.kind === 'set-weight' || action.kind === 'roll-back' || action.kind === 'promote';
}

function isSameRequest(one: VerdictRequest | undefined, other: VerdictRequest): boolean {
  return one?.key === other.key && one.toMs === other.toMs && one.canary === other.canary;
}
