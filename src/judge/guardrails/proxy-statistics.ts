import type { OutcomeTotals } from '../../domain/observations.js';
import { gaussianBets } from '../../statistics/gaussian-bets.js';
import { fiellerInterval, outcomeMoments } from '../../statistics/relative-change.js';

/** Outcomes of both arms in one stage. */
export interface StageOutcomes {
  readonly canary: OutcomeTotals;
  readonly stable: OutcomeTotals;
}

/** The relative change of the mean outcome, the baseline standardised to the canary's stages. */
export interface ProxyFigures {
  readonly canaryCount: number;
  readonly stableCount: number;
  readonly canaryMean: number;
  readonly stableMean: number;
  /** canary / stable - 1, its sign turned where lower is better: negative is worse. */
  readonly change: number;
  /** Fieller's 95 % interval of the change; null where stable's mean is not told apart from 0. */
  readonly interval: readonly [number, number] | null;
  readonly canaryVariance: number;
  /** sum of f_s v_s: stable's variance of one outcome, weighted by the canary's stages. */
  readonly stableVariance: number;
  /** sum of f_s² v_s / n_s: variance of the standardised stable mean. */
  readonly stableMeanVariance: number;
}

interface ProxyDirection {
  readonly betterWhen: 'higher' | 'lower';
}

/**
 * Stable's mean with each stage weighted by its share of the canary's outcomes, f_s = n_cs / n_c; stages with fewer
 * than two stable outcomes are left out of both arms.
 *
 * @returns undefined without canary outcomes or where stable's mean is not above 0
 */
export function proxyFigures(
  stages: readonly StageOutcomes[],
  direction: ProxyDirection,
): ProxyFigures | undefined {
  const judged = stages.filter((stage) => stage.canary.count > 0 && stage.stable.count >= 2);
  let count = 0;
  let total = 0;
  let sumOfSquares = 0;
  for (const { canary } of judged) {
    count += canary.count;
    total += canary.sum;
    sumOfSquares += canary.sumOfSquares;
  }
  if (!(count > 0)) return undefined;
  const canary = outcomeMoments(count, total, sumOfSquares);
  let stableCount = 0;
  let stableMean = 0;
  let stableVariance = 0;
  let stableMeanVariance = 0;
  for (const stage of judged) {
    const share = stage.canary.count / count;
    const {
      count: n,
      mean,
      variance,
    } = outcomeMoments(stage.stable.count, stage.stable.sum, stage.stable.sumOfSquares);
    stableCount += n;
    stableMean += share * mean;
    stableVariance += share * variance;
    stableMeanVariance += (share * share * variance) / n;
  }
  if (!(stableMean > 0)) return undefined;
  const sign = direction.betterWhen === 'higher' ? 1 : -1;
  const interval = fiellerInterval(
    { mean: canary.mean, varianceOfMean: canary.variance / count },
    { mean: stableMean, varianceOfMean: stableMeanVariance },
  );
  return {
    canaryCount: count,
    stableCount,
    canaryMean: canary.mean,
    stableMean,
    change: sign * (canary.mean / stableMean - 1),
    interval: interval === null || sign === 1 ? interval : [-interval[1], -interval[0]],
    canaryVariance: canary.variance,
    stableVariance,
    stableMeanVariance,
  };
}

export interface ProxyEvidence {
  readonly rollback: number;
  readonly promote: number;
  readonly rollbackVariance: number;
  readonly promoteVariance: number;
}

const rollbackBets = [1, 2.5, 7.5, 25];
const promoteBets = [1, 2];

export function proxyEvidence(
  figures: ProxyFigures,
  settings: ProxyDirection & { readonly promoteAbove: number; readonly rollbackBelow: number },
): ProxyEvidence {
  const gap = settings.promoteAbove - settings.rollbackBelow;
  const good = contrast(figures, settings, settings.promoteAbove);
  const bad = contrast(figures, settings, settings.rollbackBelow);
  return {
    rollback: gaussianBets(
      -good.value,
      good.variance,
      rollbackBets.map((bet) => bet * gap),
    ),
    promote: excludingEvidence(figures, settings, settings.rollbackBelow),
    rollbackVariance: good.variance,
    promoteVariance: bad.variance,
  };
}

/** Evidence against "the change is `limit` or worse", betting on changes from `promoteAbove` upwards. */
export function excludingEvidence(
  figures: ProxyFigures,
  settings: ProxyDirection & { readonly promoteAbove: number },
  limit: number,
): number {
  const { value, variance } = contrast(figures, settings, limit);
  const gap = settings.promoteAbove - limit;
  return gaussianBets(
    value,
    variance,
    promoteBets.map((bet) => bet * gap),
  );
}

/** How far the canary's mean lies above (1 + threshold) times stable's, in stable means; mirrored for lower is better. */
function contrast(figures: ProxyFigures, direction: ProxyDirection, threshold: number) {
  const sign = direction.betterWhen === 'higher' ? 1 : -1;
  const ratio = 1 + sign * threshold;
  return {
    value: (sign * (figures.canaryMean - ratio * figures.stableMean)) / figures.stableMean,
    variance: contrastVariance(figures, ratio),
  };
}

/**
 * V = [max(v_c, r² sum f v_b) / n_c + r² sum f² v_b / n_b] / m_b²; the maximum guards the early looks in which the
 * canary's variance is 0.
 */
export function contrastVariance(figures: ProxyFigures, ratio: number): number {
  const squared = ratio * ratio;
  const canary = Math.max(figures.canaryVariance, squared * figures.stableVariance) / figures.canaryCount;
  return (canary + squared * figures.stableMeanVariance) / figures.stableMean ** 2;
}
