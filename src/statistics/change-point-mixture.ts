import { binomialLogLikelihoodRatio } from './binomial-evidence.js';
import { logAddExp, logMeanExp } from './log-sum-exp.js';

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

/** For how many looks a later start is reckoned with, and what every log-likelihood ratio is divided by. */
export interface StartSettings {
  readonly horizonLooks: number;
  /** Dispersion by which every log-likelihood ratio is divided, 1 or more. */
  readonly dispersion: number;
}

export interface MixtureSettings extends StartSettings {
  readonly nullRate: number;
  readonly alternatives: readonly number[];
}

/** The state after all the looks. Cost: one step per look and alternative. */
export function changePoint(looks: readonly TailCounts[], settings: MixtureSettings): ChangePoint {
  const { alternatives, nullRate } = settings;
  const steps = alternatives.map((alternative) =>
    looks.map(({ events, trials }) =>
      trials === 0 ? 0 : binomialLogLikelihoodRatio(events, trials, nullRate, alternative),
    ),
  );
  return changePointOfSteps(steps, looks.length, settings);
}

/**
 * The same from log-likelihood ratios of any kind.
 *
 * @param steps per alternative the ratio of each look, not divided by the dispersion
 */
export function changePointOfSteps(
  steps: readonly (readonly number[])[],
  looks: number,
  { horizonLooks, dispersion }: StartSettings,
): ChangePoint {
  const prior = Array.from({ length: looks }, (_, index) => startPrior(index + 1, horizonLooks));
  const logSums: number[] = [];
  const best: { start: number; logRatio: number }[] = [];
  for (const ofAlternative of steps) {
    let logSum = -Infinity;
    let start = 1;
    let logRatio = -Infinity;
    for (let t = 0; t < looks; t++) {
      const step = ofAlternative[t] ?? 0;
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
  return { looks, logSums, spentPrior: prior.reduce((total, value) => total + value, 0), best };
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
  const { index, start, logRatio } = bestStart(state);
  return { start, alternative: settings.alternatives[index] ?? settings.nullRate, logRatio };
}

/** The same with the alternative as its place in the list. */
export function bestStart(state: ChangePoint): {
  readonly index: number;
  readonly start: number;
  readonly logRatio: number;
} {
  let found = { index: 0, start: 1, logRatio: -Infinity };
  state.best.forEach((candidate, index) => {
    if (candidate.logRatio > found.logRatio) found = { index, ...candidate };
  });
  return found;
}

/**
 * Evidence after `looks` more looks that are all alike: old starts gain looks * step, new starts form a geometric
 * series.
 *
 * @param steps per alternative the log-likelihood ratio of one such look, not divided by the dispersion
 */
export function changePointEvidenceAfter(
  state: ChangePoint,
  steps: readonly number[],
  looks: number,
  { horizonLooks, dispersion }: StartSettings,
): number {
  const newStarts = Math.max(0, Math.min(looks, horizonLooks - state.looks));
  const prior = startPrior(Math.max(2, state.looks + 1), horizonLooks);
  const terms = steps.map((ofAlternative, k) => {
    const step = ofAlternative / dispersion;
    const old = (state.logSums[k] ?? -Infinity) + looks * step;
    if (newStarts === 0 || prior === 0) return old;
    const series = logGeometric(looks * step, (looks - newStarts + 1) * step, step, newStarts);
    return logAddExp(old, Math.log(prior) + series);
  });
  const unspent = 1 - state.spentPrior - newStarts * prior;
  const mixed = logMeanExp(terms);
  return unspent > 1e-15 ? logAddExp(mixed, Math.log(unspent)) : mixed;
}

/** ln of exp(first) + … + exp(last), `count` terms that differ by `step` in their logs. */
function logGeometric(first: number, last: number, step: number, count: number): number {
  if (Math.abs(step) < 1e-12) return first + Math.log(count);
  const largest = Math.max(first, last);
  const ratio = -Math.abs(step);
  return largest + Math.log(Math.expm1(count * ratio) / Math.expm1(ratio));
}
