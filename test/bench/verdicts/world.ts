/** What a version does in one look, as rates: what its counts are drawn from. */
export interface ArmRates {
  readonly errorRate: number;
  readonly p99Ms: number;
  /** Shares of the predictions in the ten bins of the histogram. */
  readonly predictions: readonly number[];
  /** Share of the answered requests with the wanted outcome; undefined: outcomes are not recorded. */
  readonly acceptance: number | undefined;
}

/** Requests that come in sessions of near-identical predictions. */
export interface Sessions {
  readonly requests: number;
  /** `whole`: a session stays with one version; `single`: each of its requests is routed by itself. */
  readonly routing: 'whole' | 'single';
}

/** Both versions in one look. */
export interface LookRates {
  readonly canary: ArmRates;
  readonly stable: ArmRates;
  readonly sessions?: Sessions;
}

/**
 * The rates of one run, look by look in order: looks before the canary's first are numbered 0, -1 and so on, the
 * canary's first is 1. The weight is the canary's share of the traffic in this look, 0 before it.
 */
export type World = (look: number, weight: number) => LookRates;
