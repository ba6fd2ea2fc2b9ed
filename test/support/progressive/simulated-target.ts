import type { TargetAction, TargetResult, TargetState } from '../../../src/progressive/index.js';
import type { ObservedTarget } from '../../../src/progressive/machine/target-state.js';

/** A resource that behaves like an InferenceService: one share, the newest version and the stable one. */
export class SimulatedTarget {
  uid = 'uid-1';
  newest = 'v2';
  stable = 'v1';
  /** The model before the stable one. */
  previous: string | null = null;
  configuredPercent: number | null = 5;
  readiness: 'ready' | 'not-ready' | 'failed' = 'ready';
  isAvailable = true;
  isGone = false;
  refuses = false;
  foreignChange: string | null = null;
  /** What the newest version is where its name does not tell. */
  model: string | null = null;
  /** What a reading says otherwise than it is. */
  reads: Partial<ObservedTarget> = {};
  stableFingerprint: string | null = null;
  isCarriedModel = true;
  /** Whether the traffic follows what is asked for. */
  follows = true;
  /** Every change that was really made, in order. */
  readonly changes: (number | null)[] = [];
  #observedPercent = 0;

  /** The platform's own controller does its work. */
  reconcile(): void {
    if (!this.follows || this.newest === this.stable) return;
    this.#observedPercent = this.readiness === 'ready' ? (this.configuredPercent ?? 100) : 0;
    if (this.configuredPercent === null && this.readiness === 'ready') {
      this.previous = this.stable;
      this.stable = this.newest;
    }
  }

  read(): TargetState {
    if (!this.isAvailable) return { kind: 'unavailable', reason: 'connection refused' };
    if (this.isGone) return { kind: 'gone' };
    const hasCanary = this.newest !== this.stable;
    return {
      kind: 'observed',
      uid: this.uid,
      fingerprint: this.#fingerprint,
      stableFingerprint: this.stableFingerprint,
      isCarriedModel: this.isCarriedModel,
      configuredPercent: this.configuredPercent,
      observedPercent: hasCanary ? this.#observedPercent : null,
      canary: hasCanary ? this.newest : null,
      stable: this.stable,
      readiness: this.readiness === 'ready' ? { kind: 'ready' } : { kind: this.readiness, text: 'loading' },
      foreignChange: this.foreignChange,
      note: null,
      ...this.reads,
    };
  }

  apply(action: TargetAction): TargetResult {
    if (!this.isAvailable) return { kind: 'unavailable', reason: 'connection refused' };
    if (this.isGone) return { kind: 'gone' };
    if (this.refuses) return { kind: 'refused', reason: 'forbidden' };
    const { expected } = action;
    const carries = action.kind === 'set-weight' && action.bringsModel;
    const isOther = expected.uid !== this.uid || (!carries && expected.fingerprint !== this.#fingerprint);
    if (isOther) return { kind: 'conflict', reason: 'another model' };
    if (action.kind !== 'roll-back' && action.fromPercent !== this.configuredPercent) {
      return { kind: 'conflict', reason: 'another weight' };
    }
    if (carries) this.applyModel('v2');
    else if (this.newest === this.stable) {
      // A share on a stable service means the model before: right for a rollback to that very one only.
      const isMeant = action.kind === 'roll-back' && this.previous === expected.stable;
      if (action.kind !== 'roll-back') throw new Error('a share on a stable service means the model before');
      if (!isMeant) return { kind: 'conflict', reason: 'there is no canary' };
      this.stable = this.previous ?? this.stable;
    }
    this.configuredPercent =
      action.kind === 'set-weight' ? action.toPercent : action.kind === 'roll-back' ? 0 : null;
    this.changes.push(this.configuredPercent);
    return { kind: 'done' };
  }

  get #fingerprint(): string {
    return `model of ${this.model ?? this.newest}`;
  }

  /** Somebody applies another model. */
  applyModel(version: string): void {
    this.newest = version;
    this.#observedPercent = 0;
  }
}
