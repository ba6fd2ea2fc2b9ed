import { binomialQuantile } from '../../statistics/binomial-quantile.js';

/**
 * The share of events that chance shows of a rate: the rate itself at `chance` 0.5, else that quantile of the binomial
 * distribution over its trials.
 */
export function rateByChance(rate: number, trials: number, chance: number): number {
  return chance === 0.5 || !(trials > 0) ? rate : binomialQuantile(chance, trials, rate) / trials;
}

/** Rates of the same event in both arms. */
export interface ArmRates {
  readonly canary: number;
  readonly stable: number;
}

/**
 * The same for two arms that are compared: given the events of both, the canary's are a binomial share of them, so what
 * chance gives the one arm it takes from the other.
 */
export function pairByChance(
  rates: ArmRates,
  samples: { readonly canary: number; readonly stable: number },
  chance: number,
): ArmRates {
  const canaryEvents = samples.canary * rates.canary;
  const events = canaryEvents + samples.stable * rates.stable;
  if (chance === 0.5 || !(samples.canary > 0 && samples.stable > 0 && events > 0)) return rates;
  const drawn = Math.min(samples.canary, binomialQuantile(chance, events, canaryEvents / events));
  return {
    canary: drawn / samples.canary,
    stable: Math.min(1, (events - drawn) / samples.stable),
  };
}
