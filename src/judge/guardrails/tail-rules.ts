/** Rules that hold for every guardrail on how often something happens: error rates, slow requests, and their ratios. */

/** Looks with canary counts that promote evidence needs. */
export const minimumPromoteLooks = 2;

/** Log-likelihood ratio (over dispersion) of the best window beyond which nothing is promoted. */
export const vetoLimit = 1;

/** A log-evidence above 0 up to rounding. */
export const positive = 1e-9;
