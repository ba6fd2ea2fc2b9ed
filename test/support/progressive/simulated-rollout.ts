import assert from 'node:assert/strict';
import {
  acknowledge,
  afterAction,
  initialState,
  next,
  parseRolloutSpec,
  parseRolloutState,
  type Action,
  type Alert,
  type Command,
  type RolloutSpec,
  type RolloutState,
  type StageVerdict,
  type Step,
  type TargetAction,
  type TargetState,
  type VerdictRequest,
} from '../../../src/progressive/index.js';
import { SimulatedTarget } from './simulated-target.js';

export function specOf(raw: unknown = {}): RolloutSpec {
  const parsed = parseRolloutSpec(raw);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.value;
}

export function answer(
  { key, attempt, canary, stable, toMs }: VerdictRequest,
  verdict: StageVerdict['verdict'],
  change: Partial<StageVerdict> = {},
): StageVerdict {
  const sentence = `error-rate: ${verdict} it`;
  return {
    key,
    attempt,
    canary,
    stable,
    toMs,
    id: `id-${toMs}`,
    verdict,
    sentence,
    isBlind: false,
    guarantee: 'stated',
    ...change,
  };
}

/** What goes wrong between the machine and the world in a step. */
export interface Mishap {
  readonly loses?: boolean;
  readonly repeats?: boolean;
  readonly forgetsAlerts?: boolean;
}

/** A driver as the contract asks for it, on a simulated target: its state goes through JSON at every step. */
export class SimulatedRollout {
  readonly target = new SimulatedTarget();
  readonly alerts = new Map<string, Alert>();
  readonly requests: VerdictRequest[] = [];
  /** How the target stood when the last step was decided. */
  seen: TargetState = { kind: 'gone' };
  nowMs = Date.UTC(2026, 0, 5, 10);
  spec: RolloutSpec;
  verdictOf: (request: VerdictRequest) => StageVerdict | null = (request) => answer(request, 'promote');
  verdict: StageVerdict | null = null;
  /** Why nobody answers; null: somebody does, or says nothing. */
  unanswered: string | null = null;
  #saved: string;

  constructor(raw: unknown = {}) {
    this.spec = specOf(raw);
    this.#saved = JSON.stringify(initialState(this.nowMs));
  }

  get state(): RolloutState {
    const parsed = parseRolloutState(JSON.parse(this.#saved));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    return parsed.value;
  }

  get phase(): RolloutState['phase'] {
    return this.state.phase;
  }

  command(kind: Command['kind'], full = false): void {
    const id = String(this.spec.commands.length + 1);
    this.spec = { ...this.spec, commands: [...this.spec.commands, { id, kind, full, by: 'ada' }] };
  }

  /** One reading, one step, its actions. */
  step(mishap: Mishap = {}): Step {
    const verdict = this.verdict ?? (this.unanswered === null ? null : { unanswered: this.unanswered });
    this.verdict = null;
    this.seen = this.target.read();
    const step = next(this.spec, this.state, this.seen, verdict, this.nowMs);
    this.#save(step.state);
    for (const action of step.actions) this.#act(action, mishap);
    return step;
  }

  /** Steps until the phase is reached, time going on. */
  until(kind: RolloutState['phase']['kind'], limitSeconds = 6 * 3600): void {
    this.untilSo(() => this.phase.kind === kind, limitSeconds);
  }

  /** Steps until something is so, time going on. */
  untilSo(isSo: () => boolean, limitSeconds = 6 * 3600, mishap: () => Mishap = () => ({})): void {
    const endMs = this.nowMs + limitSeconds * 1000;
    while (!isSo()) {
      assert.ok(this.nowMs < endMs, `${String(isSo)} was not reached: ${JSON.stringify(this.phase)}`);
      this.tick(10, mishap());
    }
  }

  /** The platform works, time goes on, one step. */
  tick(seconds = 10, mishap: Mishap = {}): Step {
    this.nowMs += seconds * 1000;
    this.target.reconcile();
    return this.step(mishap);
  }

  alertKinds(): readonly string[] {
    return [...this.alerts.values()].map((alert) => alert.kind);
  }

  #act(action: Action, mishap: Mishap): void {
    switch (action.kind) {
      case 'wait-until':
        assert.ok(action.atMs >= this.nowMs);
        return;
      case 'ask-verdict':
        this.requests.push(action.request);
        if (mishap.loses !== true) this.verdict = this.verdictOf(action.request);
        return;
      case 'alert': {
        const known = this.alerts.get(action.alert.key);
        if (known !== undefined) assert.deepEqual(action.alert, known);
        this.alerts.set(action.alert.key, action.alert);
        if (mishap.forgetsAlerts !== true) this.#save(acknowledge(this.state, [action.alert.key]));
        return;
      }
      default:
        if (mishap.loses !== true) this.#change(action);
        if (mishap.repeats === true) this.#change(action);
    }
  }

  #change(action: TargetAction): void {
    this.#save(afterAction(this.state, action, this.target.apply(action)));
  }

  #save(state: RolloutState): void {
    this.#saved = JSON.stringify(state);
    assert.deepEqual(this.state, state);
  }
}
