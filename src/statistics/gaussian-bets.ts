import { logMeanExp } from './log-sum-exp.js';

/**
 * Evidence (natural log) of Gaussian bets that a contrast is above 0: an even mixture over the bet sizes D of
 * exp(D theta / V - D² / (2 V)), an asymptotic e-value.
 *
 * @param contrast theta, the estimate's distance from the null
 * @param variance V of the estimate; 0 (nothing varies) gives no evidence
 */
export function gaussianBets(contrast: number, variance: number, bets: readonly number[]): number {
  if (!(variance > 0)) return 0;
  return logMeanExp(bets.map((bet) => (bet * contrast) / variance - (bet * bet) / (2 * variance)));
}
