import type { Routing } from '../../domain/observations.js';

/** From which looks observations are made, whatever the source. Times in milliseconds. */
export interface LookRules {
  /** A look counts once this much time has passed since its end, so that its last requests are in it. */
  readonly settleMs: number;
  /** How far back a canary's first traffic is looked for. */
  readonly lookbackMs: number;
  /** Without canary traffic for longer than this, a canary may have been deployed anew. */
  readonly restartGapMs: number;
  /**
   * What an outcome's mean is taken over: its events (`outcomes`), or every prediction that was served, so that
   * only outcomes other than zero have to be sent (`predictions`).
   */
  readonly denominator: (namespace: string, model: string) => 'outcomes' | 'predictions';
  /** How requests come to a model's canary: goes into the observations, since the judge has to know. */
  readonly routing: (namespace: string, model: string) => Routing;
}
