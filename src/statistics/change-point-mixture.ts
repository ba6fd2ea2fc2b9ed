import { binomialLogLikelihoodRatio } from './binomial-evidence.js';
import { logAddExp } from './log-sum-exp.js';

/** Events among trials in one look. A look that is left out keeps its place with zero counts. */
export interface TailCounts {
  readonly trials: number;
  readonly events: number;
}

/** The prior of the look at which a fault begins: half of it on the first, the rest even over the horizon. */
export function startPrior(position: number, horizonLooks: number): number {
  if (position === 1) return 0.5;
  return position <= horizonLooks && horizonLooks > 1 ? 0.5 / (horizonLooks - 1) : 0;
}

/** The change-point mixture's state after some looks, one alternative at a time. */
export interface ChangePoint {
  /** Looks so far. */
  readonly looks: number;
  /** ln of sum over starts j of prior(j) exp(C_t - C_(j-1)), per alternative. */
  readonly logSums: readonly number[];
  /** Prior mass of the starts so far. */
  readonly spentPrior: number;
  /** Per alternative the best start: its position and its log-likelihood ratio up to now. */
  readonly best: readonly { readonly start: number; readonly logRatio: number }[];
}

export interface MixtureSettings {
  readonly nullRate: number;
  readonly alternatives: readonly number[];
  readonly horizonLooks: number;
  /** Dispersion by which every log-likelihood ratio is divided, 1 or more. */
  readonly dispersion: number;
}

/** The state after all the looks. Cost: one step per look and alternative. */
export function changePoint(looks: readonly TailCounts[], settings: MixtureSettings): ChangePoint {
  const { alternatives, nullRate, dispersion, horizonLooks } = settings;
  const prior = looks.map((_, index) => startPrior(index + 1, horizonLooks));
  const logSums: number[] = [];
  const best: { start: number; logRatio: number }[] = [];
  for (const alternative of alternatives) {
    let logSum = -Infinity;
    let start = 1;
    let logRatio = -Infinity;
    for (let t = 0; t < looks.length; t++) {
      const { events, trials } = looks[t] ?? { events: 0, trials: 0 };
      const step = trials === 0 ? 0 : binomialLogLikelihoodRatio(events, trials, nullRate, alternative);
      const weight = prior[t] ?? 0;
      logSum = (weight > 0 ? logAddExp(logSum, Math.log(weight)) : logSum) + step / dispersion;
      // The best window either goes on or begins here; the latest start wins a tie.
      if (logRatio > 0) logRatio += step;
      else {
        logRatio = step;
        start = t + 1;
      }
    }
    logSums.push(logSum);
    best.push({ start, logRatio });
  }
  return { looks: looks.length, logSums, spentPrior: prior.reduce((total, value) => total + value, 0), best };
}

/**
 * Evidence (natural log of an e-value) that the rate rose above the null at some look: the mixture over all
 * starts j, E_t = (1/K) sum_k sum_j prior(j) exp((C_t - C_(j-1)) / dispersion) + 1 - (prior spent so far). The mass
 * of later starts stays in the sum, so a healthy series sits a little below 0.
 */
export function changePointEvidence(state: ChangePoint): number {
  let total = -Infinity;
  for (const logSum of state.logSums) total = logAddExp(total, logSum - Math.log(state.logSums.length));
  const unspent = 1 - state.spentPrior;
  return unspent > 1e-15 ? logAddExp(total, Math.log(unspent)) : total;
}

/** The window in which the rise looks strongest, and under which alternative. */
export interface BestWindow {
  /** Position of its first look, counted from 1. */
  readonly start: number;
  readonly alternative: number;
  /** Its log-likelihood ratio, not divided by the dispersion. */
  readonly logRatio: number;
}

/** The start with the largest log-likelihood ratio: the latest of equal starts, the first of equal alternatives. */
export function bestWindow(state: ChangePoint, settings: MixtureSettings): BestWindow {
  let window: BestWindow = {
    start: 1,
    alternative: settings.alternatives[0] ?? settings.nullRate,
    logRatio: -Infinity,
  };
  settings.alternatives.forEach((alternative, k) => {
    const candidate = state.best[k];
    if (candidate !== undefined && candidate.logRatio > window.logRatio)
      window = { ...candidate, alternative };
  });
  return window;
}
