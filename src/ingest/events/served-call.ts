import type { PredictionValue } from '../../sources/index.js';
import type { EventTarget } from './event-target.js';

/** One call of a model, as far as its events tell. */
export interface ServedCall {
  readonly target: EventTarget;
  /** What outcomes are joined by; absent where ids are not kept. */
  readonly id?: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly failed: boolean;
  readonly latencyMs?: number;
  readonly predictions: readonly PredictionValue[];
}
