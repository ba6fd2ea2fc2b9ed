import type { PairedTailCounts } from './blame-evidence.js';

/** Events of the canary over those expected if it were like stable, and how well that is known. */
export interface RateRatio {
  /** Infinite where stable has no event in any look that both arms share and the canary has some. */
  readonly ratio: number;
  /** Standard error of its logarithm; undefined where one arm has next to no event. */
  readonly logStandardError: number | undefined;
  /** 95 % interval, for a single look; undefined with the standard error. */
  readonly interval: readonly [number, number] | undefined;
}

/**
 * The ratio of two event rates, look by look and pooled (Mantel and Haenszel's risk ratio): sum of e_c n_b / N over
 * sum of e_b n_c / N, so that rates that move for both arms, and weights that change, cancel. The interval takes
 * Greenland and Robins' variance of its logarithm (1985, Biometrics 41).
 *
 * @returns undefined where neither arm has an event in a look that both share
 */
export function rateRatio(looks: readonly PairedTailCounts[]): RateRatio | undefined {
  let above = 0;
  let below = 0;
  let spread = 0;
  for (const { canaryTrials, canaryEvents, stableTrials, stableEvents } of looks) {
    const trials = canaryTrials + stableTrials;
    if (canaryTrials <= 0 || stableTrials <= 0) continue;
    const events = canaryEvents + stableEvents;
    above += (canaryEvents * stableTrials) / trials;
    below += (stableEvents * canaryTrials) / trials;
    spread += (events * canaryTrials * stableTrials - canaryEvents * stableEvents * trials) / trials ** 2;
  }
  if (!(above > 0 || below > 0)) return undefined;
  const ratio = below > 0 ? above / below : Infinity;
  const logStandardError = Math.sqrt(Math.max(0, spread / (above * below)));
  const width = Math.exp(1.96 * logStandardError);
  return above > 0 && below > 0 && Number.isFinite(ratio * width)
    ? { ratio, logStandardError, interval: [ratio / width, ratio * width] }
    : { ratio, logStandardError: undefined, interval: undefined };
}

/**
 * ln of the likelihood ratio of "the canary's rate is w times stable's" against "w0 times", given the events of both
 * arms in one look: e_c ln(w / w0) - E ln((1 + rho (w - 1)) / (1 + rho (w0 - 1))), rho the canary's share of the
 * trials. Conditional on E, so a rate that moves for both arms plays no part.
 */
export function ratioLogLikelihoodRatio(look: PairedTailCounts, factor: number, nullFactor: number): number {
  const trials = look.canaryTrials + look.stableTrials;
  if (look.canaryTrials <= 0 || look.stableTrials <= 0) return 0;
  const share = look.canaryTrials / trials;
  const events = look.canaryEvents + look.stableEvents;
  return (
    look.canaryEvents * Math.log(factor / nullFactor) -
    events * (Math.log1p(share * (factor - 1)) - Math.log1p(share * (nullFactor - 1)))
  );
}

/**
 * How much more the canary's events vary from look to look, given those of both arms, than independent requests do:
 * Pearson's statistic sum (e_c - E pi)² / (E pi (1 - pi)) over k - 1, pi = rho w / (1 + rho (w - 1)) at the pooled
 * ratio w. What both arms go through together cancels; a ratio that changes over time counts as dispersion.
 *
 * @returns undefined with fewer than `minimumLooks` looks in which both arms have trials and there is an event
 */
export function pairedDispersion(looks: readonly PairedTailCounts[], minimumLooks = 10): number | undefined {
  const estimate = rateRatio(looks)?.ratio;
  if (estimate === undefined || !(estimate > 0) || !Number.isFinite(estimate)) return undefined;
  let total = 0;
  let counted = 0;
  for (const { canaryTrials, canaryEvents, stableTrials, stableEvents } of looks) {
    const events = canaryEvents + stableEvents;
    if (canaryTrials <= 0 || stableTrials <= 0 || events <= 0) continue;
    const share = canaryTrials / (canaryTrials + stableTrials);
    const expected = (share * estimate) / (1 + share * (estimate - 1));
    total += (canaryEvents - events * expected) ** 2 / (events * expected * (1 - expected));
    counted += 1;
  }
  return counted < minimumLooks ? undefined : Math.max(1, total / (counted - 1));
}
