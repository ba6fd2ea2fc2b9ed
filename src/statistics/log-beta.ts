import { gammaln } from 'simple-statistics';

/** ln of the beta function, a and b above 0: lnGamma(a) + lnGamma(b) - lnGamma(a + b). */
export function logBeta(a: number, b: number): number {
  return gammaln(a) + gammaln(b) - gammaln(a + b);
}
