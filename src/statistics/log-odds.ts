/** ln(p / (1 - p)), kept within 700 either way: a scale on which a distribution function is nearly straight. */
export function logOdds(p: number): number {
  return Math.min(700, Math.max(-700, Math.log(p) - Math.log1p(-p)));
}
