import {
  initialState,
  parseRolloutState,
  RolloutDriver,
  type Alert,
  type Round,
  type RolloutState,
  type Saved,
  type StageAnswer,
  type StageJudge,
  type Target,
  type TargetAction,
  type TargetResult,
  type VerdictRequest,
} from '../../../src/progressive/index.js';
import { answer, specOf } from './simulated-rollout.js';
import { SimulatedTarget } from './simulated-target.js';

/** The real driver on a simulated target and a clock that a test moves. */
export class DrivenRollout {
  readonly target = new SimulatedTarget();
  readonly alerts = new Map<string, Alert>();
  readonly asked: VerdictRequest[] = [];
  /** In the order in which they happened: `save <phase>`, `set-weight`, `roll-back`, `promote`. */
  readonly log: string[] = [];
  nowMs = Date.UTC(2026, 0, 5, 10);
  spec = specOf({ stages: [5, 50, 100] });
  /** Takes effect with the next restart. */
  model = 'm';
  answerOf: (request: VerdictRequest) => StageAnswer | Promise<StageAnswer> = (request) => ({
    kind: 'verdict',
    verdict: answer(request, 'promote'),
  });
  saves: () => Saved | Promise<Saved> = () => ({ kind: 'saved' });
  result: (action: TargetAction) => TargetResult = (action) => this.target.apply(action);
  /** Whether alerts are acknowledged as soon as they are told. */
  acknowledges = true;
  woken = 0;
  saved: string | undefined;
  driver: RolloutDriver;
  readonly #versions: { readonly canary: string; readonly stable: string } | undefined;

  constructor(versions?: { readonly canary: string; readonly stable: string }) {
    this.#versions = versions;
    this.driver = this.#newDriver(initialState(this.nowMs), false);
  }

  /** What was saved last, as it comes back from where it is kept. */
  get state(): RolloutState {
    const parsed = parseRolloutState(JSON.parse(this.saved ?? 'null'));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    return parsed.value;
  }

  /** Another process goes on from what was saved. */
  restart(): void {
    this.driver.stop();
    this.driver = this.#newDriver(this.state, true);
  }

  round(signal = new AbortController().signal): Promise<Round> {
    return this.driver.round(this.spec, signal);
  }

  /** Time goes on, the platform works, one round, and the answers that came of it. */
  async tick(seconds = 30): Promise<Round> {
    this.nowMs += seconds * 1000;
    this.target.reconcile();
    const round = await this.round();
    await new Promise((resolve) => setImmediate(resolve));
    return round;
  }

  /** Rounds until the machine is in that phase. */
  async until(kind: RolloutState['phase']['kind'], mostTicks = 400): Promise<void> {
    for (let tick = 0; this.driver.state.phase.kind !== kind; tick++) {
      if (tick === mostTicks) throw new Error(`not ${kind}, but ${JSON.stringify(this.driver.state.phase)}`);
      await this.tick();
    }
  }

  #newDriver(state: RolloutState, isSaved: boolean): RolloutDriver {
    const target: Target = {
      kind: 'simulated',
      observe: () => Promise.resolve(this.target.read()),
      setWeight: (action) => this.#change(action),
      rollBack: (action) => this.#change(action),
      promote: (action) => this.#change(action),
    };
    const judge: StageJudge = {
      ask: async (_, request) => {
        this.asked.push(request);
        return this.answerOf(request);
      },
    };
    const driver: RolloutDriver = new RolloutDriver(
      {
        target,
        judge,
        store: {
          save: async (given) => {
            const saved = await this.saves();
            if (saved.kind === 'saved') {
              this.saved = JSON.stringify(given);
              this.log.push(`save ${given.phase.kind}`);
            }
            return saved;
          },
        },
        model: { namespace: 'ml', model: this.model },
        versions: this.#versions,
        now: () => this.nowMs,
        wake: () => {
          this.woken++;
        },
        onAlert: (alert) => {
          this.alerts.set(alert.key, alert);
          if (this.acknowledges) driver.acknowledge([alert.key]);
        },
      },
      state,
      { isSaved },
    );
    return driver;
  }

  #change(action: TargetAction): Promise<TargetResult> {
    this.log.push(action.kind);
    return Promise.resolve(this.result(action));
  }
}
