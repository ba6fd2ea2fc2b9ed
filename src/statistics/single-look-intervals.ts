import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';

/**
 * Fixed-sample intervals of a rate. Each covers at one look that was chosen beforehand; read at every look they
 * miss far more often (judged against the confidence sequence in the docs), so they are shown, never decided on.
 */

/** The 97.5 % point of the normal distribution. */
export const normal975 = 1.959963984540054;

/** Wilson's score interval. */
export function wilsonInterval(events: number, trials: number, z = normal975): readonly [number, number] {
  const rate = events / trials;
  const scale = 1 + (z * z) / trials;
  const centre = rate + (z * z) / (2 * trials);
  const half = z * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials));
  // At no event, and at nothing but events, rounding may pass the ends by a hair.
  return [Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale)];
}

/** Clopper-Pearson's exact interval. */
export function clopperPearsonInterval(
  events: number,
  trials: number,
  alpha = 0.05,
): readonly [number, number] {
  return [
    events === 0 ? 0 : betaQuantile(alpha / 2, events, trials - events + 1),
    events === trials ? 1 : betaQuantile(1 - alpha / 2, events + 1, trials - events),
  ];
}

/** The equal-tailed interval of Jeffreys' prior. */
export function jeffreysInterval(events: number, trials: number, alpha = 0.05): readonly [number, number] {
  return [
    betaQuantile(alpha / 2, events + 0.5, trials - events + 0.5),
    betaQuantile(1 - alpha / 2, events + 0.5, trials - events + 0.5),
  ];
}
