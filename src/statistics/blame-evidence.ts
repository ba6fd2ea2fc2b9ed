import { logMeanExp } from './log-sum-exp.js';

/** Trials and events of both arms in one look. */
export interface PairedTailCounts {
  readonly canaryTrials: number;
  readonly canaryEvents: number;
  readonly stableTrials: number;
  readonly stableEvents: number;
}

/** How many times more likely the canary is to fail, under each alternative. */
export const blameFactors: readonly number[] = [1.5, 2, 4, 10, 30];

/**
 * Evidence (natural log of an e-value) that the canary's requests fail more often than stable's of the same
 * look: an even mixture over factors w of sum over looks of e_c ln w - E ln(1 + rho (w - 1)), E the events of both
 * arms, rho the canary's share of the trials. Under random routing and no effect of the canary its events are
 * hypergeometric given E, dominated by the binomial in convex order (Hoeffding 1963): exact for any common,
 * bursty, moving rate and any weights.
 */
export function blameEvidence(looks: readonly PairedTailCounts[], factors = blameFactors): number {
  return logMeanExp(
    factors.map((factor) => {
      let logRatio = 0;
      for (const look of looks) {
        const trials = look.canaryTrials + look.stableTrials;
        if (trials === 0) continue;
        const share = look.canaryTrials / trials;
        const events = look.canaryEvents + look.stableEvents;
        logRatio += look.canaryEvents * Math.log(factor) - events * Math.log1p(share * (factor - 1));
      }
      return logRatio;
    }),
  );
}
