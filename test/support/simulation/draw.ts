import { createHash } from 'node:crypto';
import { randomBeta, randomBinomial, randomNormal, randomPoisson } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Random draws of one simulated run. The same name gives the same draws, so that any run of the benchmark can be
 * repeated alone.
 */
export class Draw {
  /** Even on [0, 1). */
  readonly uniform: () => number;
  /** Standard normal. */
  readonly normal: () => number;
  readonly #binomial: typeof randomBinomial;
  readonly #beta: typeof randomBeta;
  readonly #poisson: typeof randomPoisson;

  /** @param name what the draws are for, such as `healthy/50/17` */
  constructor(name: string) {
    const digest = createHash('sha256').update(name).digest();
    const state = [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset));
    const generator = xoroshiro128plusFromState(state);
    this.uniform = () => uniformFloat64(generator);
    this.normal = randomNormal.source(this.uniform)();
    this.#binomial = randomBinomial.source(this.uniform);
    this.#beta = randomBeta.source(this.uniform);
    this.#poisson = randomPoisson.source(this.uniform);
  }

  /** How many of `trials` happen that have this chance each. */
  binomial(trials: number, chance: number): number {
    return trials <= 0 ? 0 : this.#binomial(trials, chance)();
  }

  poisson(mean: number): number {
    return this.#poisson(mean)();
  }

  /** A rate of this mean; requests that share it have the intra-class correlation given. */
  correlatedRate(mean: number, correlation: number): number {
    const size = 1 / correlation - 1;
    return this.#beta(mean * size, (1 - mean) * size)();
  }

  /** How `trials` fall into bins with these shares, which add up to 1. */
  multinomial(trials: number, shares: readonly number[]): number[] {
    let left = trials;
    let shareLeft = 1;
    return shares.map((share, index) => {
      const chance = index === shares.length - 1 ? 1 : Math.min(1, Math.max(0, share / shareLeft));
      const count = left === 0 ? 0 : this.binomial(left, chance);
      left -= count;
      shareLeft -= share;
      return count;
    });
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.uniform() * (to - from + 1));
  }

  /** `count` different whole numbers below `below`, in no order. */
  choose(count: number, below: number): number[] {
    const rest = Array.from({ length: below }, (_, index) => index);
    return Array.from({ length: count }, () => {
      const [chosen = 0] = rest.splice(this.between(0, rest.length - 1), 1);
      return chosen;
    });
  }
}
