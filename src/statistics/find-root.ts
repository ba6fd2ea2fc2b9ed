/**
 * The point between `low` and `high` where a continuous function changes its sign, by false position with the Illinois
 * rule: about ten evaluations where bisection takes fifty. The signs at the two ends must differ; where they do not,
 * the end nearer to 0 is given.
 *
 * @param tolerance relative width of the bracket at which the search ends
 */
export function findRoot(value: (x: number) => number, low: number, high: number, tolerance = 1e-12): number {
  let lower = low;
  let upper = high;
  let atLower = value(lower);
  let atUpper = value(upper);
  if (atLower === 0) return lower;
  if (atUpper === 0) return upper;
  if (atLower > 0 === atUpper > 0) return Math.abs(atLower) < Math.abs(atUpper) ? lower : upper;
  let lastMoved = 0;
  for (let i = 0; i < 100; i++) {
    const x = (lower * atUpper - upper * atLower) / (atUpper - atLower);
    const inside = x > Math.min(lower, upper) && x < Math.max(lower, upper) ? x : (lower + upper) / 2;
    const at = value(inside);
    if (at === 0) return inside;
    const isLower = at > 0 === atLower > 0;
    // An end that stays twice running pulls too hard: its weight is halved.
    if (isLower) {
      if (lastMoved === -1) atUpper /= 2;
      [lower, atLower, lastMoved] = [inside, at, -1];
    } else {
      if (lastMoved === 1) atLower /= 2;
      [upper, atUpper, lastMoved] = [inside, at, 1];
    }
    if (Math.abs(upper - lower) <= tolerance * Math.abs(inside)) break;
  }
  return Math.abs(atLower) < Math.abs(atUpper) ? lower : upper;
}
