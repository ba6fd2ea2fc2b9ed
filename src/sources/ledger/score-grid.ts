/**
 * The grid on which numeric predictions are counted. It is the same for every model and every minute, so counts
 * of any two minutes can be added bin by bin.
 *
 * - Bins 1 to 100: ((k - 1) / 100, k / 100], the scores of a classifier.
 * - Bins from 101: (g^(i - 1), g^i] with g = (1 + a) / (1 - a) and a = 2 %, so that the middle of a bin is within
 *   2 % of every number in it (the mapping of DDSketch: Masson, Rim and Lee, VLDB 2019, section 2.1).
 * - Bins from -1 downwards: the same for negative numbers, mirrored.
 * - Bin 0: zero, and negative numbers too small for the mirrored grid (nearer to zero than 1e-9).
 *
 * Every bin is (lower, upper], as Prometheus's `le`; bin b ends where bin b + 1 begins.
 */

/** Half the width of a bin outside [0, 1], relative to its middle. */
export const scoreAccuracy = 0.02;

const growth = (1 + scoreAccuracy) / (1 - scoreAccuracy);
const lowestExponent = -518;
const highestExponent = 1208;

// Multiplied up step by step: plain products are the same on every machine, powers and logarithms are not.
const powers = powersOfGrowth();

/** The bin of everything above the grid (1e21). */
const topBin = 100 + highestExponent + 1;

/** The bin of everything below the grid. */
export const bottomBin = lowestExponent - highestExponent - 1;

/** The bin of a finite score. */
export function scoreBin(score: number): number {
  if (score > 1) return 100 + exponentAtOrAbove(score);
  if (score > 0) return hundredth(score);
  if (score > -power(lowestExponent)) return 0;
  return lowestExponent - 1 - exponentAtOrBelow(-score);
}

/** The upper edge of a bin, which belongs to it; infinite for the topmost bin. */
export function scoreBinUpperEdge(bin: number): number {
  if (bin >= topBin) return Infinity;
  if (bin > 100) return power(bin - 100);
  if (bin >= 0) return bin / 100;
  return -power(lowestExponent - 1 - bin);
}

/** How scores of several minutes are shown on common edges. */
export interface ScoreShape {
  /** Ascending edges; the bins between them are (lower, upper], both ends open. */
  readonly edges: readonly number[];
  /** Where the count of a grid bin belongs among the `edges.length + 1` counts. */
  position(bin: number): number;
}

/**
 * The edges that tell all the given grid bins apart: the whole 0.01 grid as soon as one score lies in [0, 1], and
 * around every other bin its two edges.
 */
export function scoreShape(bins: Iterable<number>): ScoreShape {
  const ends = new Set<number>();
  let anyInside = false;
  let anyAbove = false;
  let anyBelow = false;
  for (const bin of bins) {
    if (bin >= 0 && bin <= 100) {
      anyInside = true;
      continue;
    }
    if (bin > 100) anyAbove = true;
    else anyBelow = true;
    if (bin < topBin) ends.add(bin);
    if (bin > bottomBin) ends.add(bin - 1);
  }
  if (anyInside) {
    for (let bin = 0; bin < 100; bin++) ends.add(bin);
    if (anyAbove) ends.add(100);
    if (anyBelow) ends.add(-1);
  }
  const sorted = [...ends].sort((a, b) => a - b);
  const positions = new Map(sorted.map((bin, index) => [bin, index]));
  return {
    edges: sorted.map(scoreBinUpperEdge),
    // Only a bin without an edge above it has no place of its own: the last, open one is its place.
    position: (bin) => positions.get(bin) ?? sorted.length,
  };
}

function hundredth(score: number): number {
  const near = Math.ceil(score * 100);
  // 0.07 * 100 is more than 7, so the neighbours are looked at as well.
  if (score <= (near - 1) / 100) return near - 1;
  return score <= near / 100 ? near : near + 1;
}

/** The smallest exponent i of the grid with g^i >= magnitude; one more than the highest where there is none. */
function exponentAtOrAbove(magnitude: number): number {
  let exponent = clampExponent(Math.ceil(Math.log(magnitude) / Math.log(growth)));
  while (exponent > lowestExponent && magnitude <= power(exponent - 1)) exponent--;
  while (exponent <= highestExponent && magnitude > power(exponent)) exponent++;
  return exponent;
}

/** The largest exponent i of the grid with g^i <= magnitude, which is at least the smallest power. */
function exponentAtOrBelow(magnitude: number): number {
  let exponent = clampExponent(Math.floor(Math.log(magnitude) / Math.log(growth)));
  while (exponent > lowestExponent && magnitude < power(exponent)) exponent--;
  while (exponent < highestExponent && magnitude >= power(exponent + 1)) exponent++;
  return exponent;
}

function clampExponent(exponent: number): number {
  return Math.min(Math.max(exponent, lowestExponent), highestExponent);
}

function power(exponent: number): number {
  return powers[exponent - lowestExponent] ?? Infinity;
}

function powersOfGrowth(): Float64Array {
  const table = new Float64Array(highestExponent - lowestExponent + 1);
  table[-lowestExponent] = 1;
  for (let i = 1; i <= highestExponent; i++) {
    table[i - lowestExponent] = (table[i - 1 - lowestExponent] ?? NaN) * growth;
  }
  for (let i = -1; i >= lowestExponent; i--) {
    table[i - lowestExponent] = (table[i + 1 - lowestExponent] ?? NaN) / growth;
  }
  return table;
}
